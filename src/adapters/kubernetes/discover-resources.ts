import type { JsonObject } from '../../core/facts/json.ts';
import { childOf, childrenOf, textAt } from '../../core/recording/object-parts.ts';
import type { Unreadable } from '../../ports/cluster-reader.ts';
import { atATime } from './at-a-time.ts';
import { jsonOf, type Server } from './judge-answer.ts';
import { isList } from './object-shape.ts';
import type { Read } from './read.ts';
import { apiPath } from './request-path.ts';
import { unreadable } from './unreadable.ts';

/** A kind of object as discovery tells it. */
export interface DiscoveredResource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

/** What discovery told. */
export interface Discovery {
  /** Every namespaced resource with the verb `list`, each once, in the version that its group prefers. */
  readonly resources: readonly DiscoveredResource[];
  /** Group versions (`v1`, `apps/v1`) that could not be read, and why. */
  readonly failed: readonly { readonly groupVersion: string; readonly why: string }[];
}

/** How a request is read. */
export interface DiscoveryParts {
  readonly read: Read;
  readonly server: () => Server;
}

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

const MANY_BYTES = 16 * 1024 * 1024;
/** Requests at a time: few, since an API server in trouble is likely. */
export const REQUESTS_AT_A_TIME = 4;

/**
 * Reads the discovery of all groups and versions one by one. Not the aggregated form: it is silent about groups whose
 * backend does not answer, while the old form lists them and then fails.
 */
export async function discoverResources(parts: DiscoveryParts): Promise<Discovery> {
  const [core, groups] = await Promise.all([coreVersions(parts), groupVersions(parts)]);
  const versions = [...core.found, ...groups.found];
  const told = await atATime(versions, REQUESTS_AT_A_TIME, (one) => resourcesOf(one, parts));
  return {
    resources: eachOnce(told.flatMap(({ found }) => found)),
    failed: [...core.failed, ...groups.failed, ...told.flatMap(({ failed }) => failed)],
  };
}

/** `v1`, `apps/v1`. */
export function groupVersionOf({ group, version }: GroupVersion): string {
  return group === '' ? version : `${group}/${version}`;
}

/** What one request told, or why it told nothing. */
interface Told<Found> {
  readonly found: readonly Found[];
  readonly failed: Discovery['failed'];
}

async function coreVersions(parts: DiscoveryParts): Promise<Told<GroupVersion>> {
  return readPart({ path: '/api', groupVersion: '' }, parts, ({ versions }) =>
    isList(versions)
      ? versions.flatMap((version) => (typeof version === 'string' ? [{ group: '', version }] : []))
      : undefined,
  );
}

/** The versions of each group, the preferred one first. */
async function groupVersions(parts: DiscoveryParts): Promise<Told<GroupVersion>> {
  return readPart({ path: '/apis', groupVersion: '' }, parts, (list) =>
    isList(list['groups']) ? childrenOf(list, 'groups').flatMap(versionsOf) : undefined,
  );
}

function versionsOf(group: JsonObject): readonly GroupVersion[] {
  const name = textAt(group, 'name');
  const preferred = textAt(childOf(group, 'preferredVersion'), 'version');
  const versions = childrenOf(group, 'versions').map((version) => textAt(version, 'version'));
  const ordered = versions.toSorted((a, b) => Number(b === preferred) - Number(a === preferred));
  return ordered.map((version) => ({ group: name, version }));
}

function resourcesOf(one: GroupVersion, parts: DiscoveryParts): Promise<Told<DiscoveredResource>> {
  const path = one.group === '' ? ['api', one.version] : ['apis', one.group, one.version];
  const groupVersion = groupVersionOf(one);
  return readPart({ path: apiPath(path, new URLSearchParams()), groupVersion }, parts, (list) =>
    isList(list['resources'])
      ? childrenOf(list, 'resources')
          .filter(isListable)
          .map((row) => ({ ...one, resource: textAt(row, 'name') }))
      : undefined,
  );
}

function isListable(row: JsonObject): boolean {
  const { verbs, namespaced } = row;
  return namespaced === true && isList(verbs) && verbs.includes('list') && !textAt(row, 'name').includes('/');
}

async function readPart<Found>(
  { path, groupVersion }: { readonly path: string | undefined; readonly groupVersion: string },
  { read, server }: DiscoveryParts,
  found: (object: JsonObject) => readonly Found[] | undefined,
): Promise<Told<Found>> {
  const what = `what the API group version ${groupVersion === '' ? '(all of them)' : groupVersion} holds`;
  const words = { what, group: what, permission: `get ${path ?? ''}` };
  const failed = ({ message }: Unreadable): Told<Found> => ({ found: [], failed: [{ groupVersion, why: message }] });
  if (path === undefined) {
    return failed(unreadable('invalid', words, 'its name is not valid'));
  }
  const answer = await read({ path, accept: 'application/json', maxBytes: MANY_BYTES }, words);
  if (answer.kind === 'refused') {
    return failed(unreadable('invalid', words, `the API server answered ${answer.status}: ${answer.message}`));
  }
  const json = answer.kind === 'unreadable' ? answer : jsonOf(answer, words, server());
  if (json.kind === 'unreadable') {
    return failed(json);
  }
  const list = found(json.object);
  return list === undefined
    ? failed(unreadable('invalid', words, 'the API server answered with something that is no discovery'))
    : { found: list, failed: [] };
}

function eachOnce(resources: readonly DiscoveredResource[]): readonly DiscoveredResource[] {
  const first = new Map<string, DiscoveredResource>();
  for (const one of resources) {
    const key = `${one.resource}.${one.group}`;
    first.set(key, first.get(key) ?? one);
  }
  return [...first.values()];
}
