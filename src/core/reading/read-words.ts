import type { ImageName } from '../ceph/command.ts';
import { printable, shorten } from '../facts/text.ts';
import type { ResourceType } from '../subject/kinds.ts';

/** How a read is named in sentences. */
export interface ReadWords {
  /** `Pod web-0 in namespace shop`. */
  readonly what: string;
  /** `pods in namespace shop`, as permissions are given. */
  readonly group: string;
  /** `get pods`. */
  readonly permission: string;
}

interface Place {
  readonly resource: ResourceType;
  readonly namespace?: string;
}

/** Names the reading of one object. */
export function getWords({ resource, namespace, name }: Place & { readonly name: string }): ReadWords {
  const where = inNamespace({ resource, ...(namespace === undefined ? {} : { namespace }) });
  return {
    what: `${resource.kind} ${name}${where}`,
    group: `${resource.resource}${where}`,
    permission: `get ${permitted(resource)}`,
  };
}

/** Names the reading of a list. */
export function listReadWords(place: Place): ReadWords {
  const { resource, namespace } = place;
  const all = resource.namespaced && namespace === undefined;
  const what = `${resource.resource}${all ? ' in all namespaces' : inNamespace(place)}`;
  return { what, group: what, permission: `list ${permitted(resource)}` };
}

/** Names the watching of what a list would show. */
export function watchWords(place: Place): ReadWords {
  const words = listReadWords(place);
  return { ...words, permission: `watch ${permitted(place.resource)}` };
}

/** Names the reading of a log. */
export function logWords(query: {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly previous?: boolean;
}): ReadWords {
  const { namespace, pod, container, previous } = query;
  const run = previous === true ? 'previous log' : 'log';
  return {
    what: `the ${run} of container ${container} of Pod ${pod} in namespace ${namespace}`,
    group: `the logs of pods in namespace ${namespace}`,
    permission: 'get pods/log',
  };
}

/** Names the running of a runbook step. */
export function runbookWords({ read, pool, image }: { readonly read: string } & Partial<ImageName>): ReadWords {
  const what = [`the output of ${read}`, ...(image === undefined ? [] : [`for ${pool ?? ''}/${image}`])].join(' ');
  return { what, group: what, permission: 'run rbd and ceph' };
}

/** Why a log is missing that the API server answers without a word. */
export const NO_NODE_NO_LOG = 'the pod has no node yet, so it has no log';

function inNamespace({ resource, namespace }: Place): string {
  return resource.namespaced && namespace !== undefined ? ` in namespace ${namespace}` : '';
}

function permitted(resource: ResourceType): string {
  return resource.group === '' ? resource.resource : `${resource.resource}.${resource.group}`;
}

const LONGEST_MESSAGE = 600;

/** "could not read X: why", safe to print. */
export function couldNotRead(read: ReadWords, why: string): string {
  return shorten(printable(`could not read ${read.what}: ${why}`), LONGEST_MESSAGE);
}

/** The sentence for a read that a permission is missing for. */
export function permissionMissing(read: ReadWords): string {
  return shorten(
    printable(`could not read ${read.group}; the missing permission is \`${read.permission}\``),
    LONGEST_MESSAGE,
  );
}
