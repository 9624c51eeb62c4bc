import type { Json, JsonObject } from '../../core/facts/json.ts';
import { compileFieldSelector } from '../../core/recording/field-selector.ts';
import { compileLabelSelector } from '../../core/recording/label-selector.ts';
import { childOf, nameOf } from '../../core/recording/object-parts.ts';
import type { ResourceType } from '../../core/subject/kinds.ts';
import { negotiate, type Representation, routerRefusal } from './accept.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import { continueToken, readContinueToken } from './continue-token.ts';
import { keyOf } from './object-store.ts';
import type { ResourceRequest } from './request-info.ts';
import { badRequest, failure, objectNotFound } from './status-answer.ts';
import type { StoredObject } from './stored-object.ts';
import type { World } from './world.ts';

/** What a GET of objects is answered from. */
export interface Reading {
  readonly world: World;
  readonly type: ResourceType;
  readonly parameters: URLSearchParams;
  /** The Accept header. */
  readonly accept: string | undefined;
}

const TOO_OLD =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

/** Answers the GET of one object. */
export function getAnswer({ namespace, name }: ResourceRequest, { world, type, accept }: Reading): Answer {
  const refused = routerRefusal(accept, 'object');
  if (refused !== undefined) {
    return refused;
  }
  if (name === '.' || name === '..') {
    return badRequest(`Name parameter invalid: "${name}": may not be '${name}'`);
  }
  const stored = world.objects.get({ type, namespace, name });
  if (stored === undefined) {
    return objectNotFound({ group: type.group, resource: type.resource, name });
  }
  const written = negotiate(accept, { list: false, goType: goType(type) });
  return written.ok
    ? jsonAnswer(represent(world.timeline.present(stored), written.representation, type))
    : written.answer;
}

/** Answers the GET of a collection: selectors, pages, representation. */
export function listAnswer({ namespace }: ResourceRequest, reading: Reading): Answer {
  const { world, type, parameters, accept } = reading;
  const refused = routerRefusal(accept, 'list');
  if (refused !== undefined) {
    return refused;
  }
  const query = listQuery(parameters, type);
  if ('status' in query) {
    return query;
  }
  const page = pageOf(query, { namespace, world, type });
  if ('status' in page) {
    return page;
  }
  const written = negotiate(accept, { list: true, goType: `${goType(type)}List` });
  return written.ok ? jsonAnswer(listBody(page, written.representation, { world, type })) : written.answer;
}

interface ListParameters {
  readonly matches: (object: JsonObject) => boolean;
  /** Whether a selector was given: then nothing is said about how many are left. */
  readonly selected: boolean;
  /** 0: no limit. */
  readonly limit: number;
  readonly token: string;
  readonly resourceVersion: string;
}

function listQuery(parameters: URLSearchParams, type: ResourceType): ListParameters | Answer {
  const text = (key: string): string => parameters.get(key) ?? '';
  const selection = selectionOf(parameters, type);
  if ('status' in selection) {
    return selection;
  }
  const version = text('resourceVersion');
  if (!/^\d*$/.test(version)) {
    return badRequest(`invalid resource version: resourceVersion: ${invalidVersion(version)}`);
  }
  return {
    ...selection,
    selected: text('labelSelector') !== '' || text('fieldSelector') !== '',
    limit: Math.max(0, Number(text('limit'))),
    token: text('continue'),
    resourceVersion: version,
  };
}

/** The API server's words for a resource version that is no number. */
export function invalidVersion(version: string): string {
  const quoted = JSON.stringify(version);
  return `Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: invalid syntax`;
}

/** Which objects lists and watches are about, or why that cannot be told. */
export function selectionOf(parameters: URLSearchParams, type: ResourceType): Pick<ListParameters, 'matches'> | Answer {
  const text = (key: string): string => parameters.get(key) ?? '';
  const unreadable = ['limit', 'timeoutSeconds'].map(text).find((value) => !/^(?:[+-]?\d+)?$/.test(value));
  if (unreadable !== undefined) {
    return badRequest(`strconv.ParseInt: parsing ${JSON.stringify(unreadable)}: invalid syntax`);
  }
  const labels = compileLabelSelector(text('labelSelector'));
  if (!labels.ok) {
    return badRequest(labels.message);
  }
  const fields = compileFieldSelector(text('fieldSelector'), type.kind);
  if (!fields.ok) {
    return badRequest(fields.message);
  }
  return { matches: (object) => labels.matches(object) && fields.matches(object) };
}

interface Page {
  readonly objects: readonly StoredObject[];
  readonly metadata: JsonObject;
}

interface Collection {
  readonly namespace: string;
  readonly world: World;
  readonly type: ResourceType;
}

function pageOf(query: ListParameters, collection: Collection): Page | Answer {
  const { world, type, namespace } = collection;
  const begin = beginning(query, collection);
  if ('status' in begin) {
    return begin;
  }
  const keyed = world.objects
    .list(type, namespace)
    .map((stored) => ({ stored, key: pageKey(stored, collection) }))
    .filter(({ stored, key }) => key > begin.after && query.matches(stored.object));
  const count = query.limit === 0 ? keyed.length : query.limit;
  const given = keyed.slice(0, count);
  const left = keyed.length - given.length;
  const last = given.at(-1);
  const more =
    left === 0 || last === undefined ? {} : { continue: continueToken({ version: begin.version, after: last.key }) };
  return {
    objects: given.map(({ stored }) => stored),
    metadata: {
      resourceVersion: `${begin.version}`,
      ...more,
      ...(left === 0 || query.selected ? {} : { remainingItemCount: left }),
    },
  };
}

/** Where the page begins and as of which version; or why it cannot. */
function beginning(
  { token, resourceVersion }: ListParameters,
  { world }: Collection,
): { readonly version: number; readonly after: string } | Answer {
  const { version: current, oldestVersion } = world.objects;
  if (token === '') {
    return Number(resourceVersion) > current ? tooLarge(resourceVersion, current) : { version: current, after: '' };
  }
  if (resourceVersion !== '' && resourceVersion !== '0') {
    return badRequest('specifying resource version is not allowed when using continue');
  }
  const read = readContinueToken(token);
  if (!read.ok) {
    return badRequest(read.message);
  }
  const { version, after } = read.position;
  if (version < 0) {
    return { version: current, after };
  }
  if (version < oldestVersion) {
    const inconsistent = continueToken({ version: -1, after });
    return failure({ code: 410, reason: 'Expired', message: TOO_OLD, continueToken: inconsistent });
  }
  return version > current ? tooLarge(`${version}`, current) : { version, after };
}

function tooLarge(version: string, current: number): Answer {
  const answer = failure({
    code: 504,
    reason: 'Timeout',
    message: `Timeout: Too large resource version: ${version}, current: ${current}`,
    details: {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
  });
  return { ...answer, headers: { 'retry-after': '1' } };
}

/** Tokens of a namespace's list hold names only. */
function pageKey({ object }: StoredObject, { type, namespace }: Collection): string {
  const { namespace: own, name } = nameOf(object);
  return namespace === '' ? keyOf(type, own, name) : name;
}

function listBody(page: Page, representation: Representation, { world, type }: Pick<Reading, 'world' | 'type'>): Json {
  const objects = page.objects.map((stored) => world.timeline.present(stored));
  if (representation === 'whole') {
    const items = objects.map(({ apiVersion: _apiVersion, kind: _kind, ...rest }) => rest);
    return { kind: `${type.kind}List`, apiVersion: groupVersion(type), metadata: page.metadata, items };
  }
  const items = objects.map((object) => represent(object, representation, type));
  return { kind: 'PartialObjectMetadataList', apiVersion: metaVersion(representation), metadata: page.metadata, items };
}

/** An object as it is written. */
export function represent(object: JsonObject, representation: Representation, type: ResourceType): JsonObject {
  if (representation === 'whole') {
    const { apiVersion: _apiVersion, kind: _kind, ...rest } = object;
    return { kind: type.kind, apiVersion: groupVersion(type), ...rest };
  }
  const metadata = childOf(object, 'metadata');
  return { kind: 'PartialObjectMetadata', apiVersion: metaVersion(representation), metadata };
}

function metaVersion(representation: Exclude<Representation, 'whole'>): string {
  return `meta.k8s.io/${representation === 'metadata-v1' ? 'v1' : 'v1beta1'}`;
}

/** `v1`, `apps/v1`. */
export function groupVersion({ group, version }: Pick<ResourceType, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

/** Go's name of the internal type; its package is the first part of the group. */
export function goType({ group, kind }: ResourceType): string {
  return `${group === '' ? 'core' : (group.split('.')[0] ?? '')}.${kind}`;
}
