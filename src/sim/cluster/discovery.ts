import type { Json, JsonObject } from '../../core/facts/json.ts';
import type { ResourceType } from '../../core/subject/kinds.ts';
import { type Answer, jsonAnswer, pageNotFound, textAnswer } from './answer.ts';
import { groupVersion } from './object-answer.ts';
import type { PathRequest } from './request-info.ts';
import { methodNotAllowed, resourceNotFound } from './status-answer.ts';

/** The group of the reviews, which hold no objects. */
export const AUTHORIZATION = 'authorization.k8s.io';

/** What discovery answers from. */
export interface ServerFacts {
  /** Host and port. */
  readonly address: string;
  /** `v1.34.4`. */
  readonly version: string;
  /** Every resource that is served. */
  readonly types: readonly ResourceType[];
}

/** Answers what is no resource: discovery, version, health. */
export function pathAnswer({ verb, path }: PathRequest, facts: ServerFacts): Answer {
  const parts = path.replace(/^\/|\/$/g, '').split('/');
  if (path.startsWith('//')) {
    return pageNotFound();
  }
  const health = ['healthz', 'livez', 'readyz'].includes(parts.join('/'));
  if (health) {
    return textAnswer('ok', 200, 'text/plain; charset=utf-8');
  }
  const found = discoveryAnswer(parts, facts);
  return found.status === 200 && verb !== 'get' ? methodNotAllowed() : found;
}

function discoveryAnswer(parts: readonly string[], facts: ServerFacts): Answer {
  const [first, second, third] = parts;
  if (first === 'version' && parts.length === 1) {
    return jsonAnswer(versionBody(facts.version));
  }
  if (first === 'api') {
    return second === undefined ? jsonAnswer(coreVersions(facts)) : resourcesAnswer('', second, facts);
  }
  if (first !== 'apis') {
    return pageNotFound();
  }
  if (second === undefined) {
    const body = {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: groupNames(facts).map((name) => groupBody(name, facts)),
    };
    return jsonAnswer(body);
  }
  if (!groupNames(facts).includes(second)) {
    return pageNotFound();
  }
  return third === undefined
    ? jsonAnswer({ kind: 'APIGroup', apiVersion: 'v1', ...groupBody(second, facts) })
    : resourcesAnswer(second, third, facts);
}

function versionBody(version: string): Json {
  const [major = '1', minor = '0'] = version.replace(/^v/, '').split('.');
  return {
    major,
    minor,
    gitVersion: version,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: 'go1.24.0',
    compiler: 'gc',
    platform: 'linux/amd64',
  };
}

function coreVersions({ address }: ServerFacts): Json {
  const serverAddressByClientCIDRs = [{ clientCIDR: '0.0.0.0/0', serverAddress: address }];
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs };
}

/** The groups besides the core group. */
export function groupNames({ types }: ServerFacts): readonly string[] {
  const groups = types.map(({ group }) => group).filter((group) => group !== '');
  return [...new Set([...groups, AUTHORIZATION])];
}

function groupBody(name: string, { types }: ServerFacts): { readonly [field: string]: Json } {
  const version = types.find(({ group }) => group === name)?.version ?? 'v1';
  const preferredVersion = { groupVersion: `${name}/${version}`, version };
  return { name, versions: [preferredVersion], preferredVersion };
}

function resourcesAnswer(group: string, version: string, facts: ServerFacts): Answer {
  const types = facts.types.filter((type) => type.group === group && type.version === version);
  const reviews = group === AUTHORIZATION && version === 'v1' ? REVIEWS : [];
  const resources = [...types.map(resourceBody), ...(group === '' ? [LOG] : []), ...reviews];
  if (types.length === 0 && reviews.length === 0) {
    return resourceNotFound();
  }
  const sorted = resources.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const body = { kind: 'APIResourceList', groupVersion: groupVersion({ group, version }), resources: sorted };
  return jsonAnswer(group === '' ? body : { ...body, apiVersion: 'v1' });
}

/** A line of discovery. */
interface ApiResource extends JsonObject {
  readonly name: string;
}

function resourceBody({ kind, resource, namespaced, shortNames }: ResourceType): ApiResource {
  return {
    name: resource,
    singularName: kind.toLowerCase(),
    namespaced,
    kind,
    verbs: ['get', 'list'],
    ...(shortNames.length === 0 ? {} : { shortNames }),
  };
}

const LOG = { name: 'pods/log', singularName: '', namespaced: true, kind: 'Pod', verbs: ['get'] };
const REVIEWS = ['SelfSubjectAccessReview', 'SelfSubjectRulesReview', 'SubjectAccessReview'].map((kind) => ({
  name: `${kind.toLowerCase()}s`,
  singularName: kind.toLowerCase(),
  namespaced: false,
  kind,
  verbs: ['create'],
}));
