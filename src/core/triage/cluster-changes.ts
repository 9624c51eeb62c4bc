import type { JsonObject } from '../facts/json.ts';
import { asKube, type KubeObject } from '../facts/kube-types.ts';
import { oneLine, shorten } from '../facts/text.ts';
import type { ClusterChange } from './incident.ts';

/** How near a change is to the objects that an incident is about, the nearest first. */
const RELEVANCES = ['own', 'referenced', 'namespace', 'cluster'] as const;

/** `own`: the object itself; `referenced`: what its pods name or run on; then its namespace, then what holds for the whole cluster. */
export type Relevance = (typeof RELEVANCES)[number];

/** A change before it is decided which ones are told. */
export interface FoundChange extends ClusterChange {
  readonly relevance: Relevance;
}

/** Times between which a change counts, both included; milliseconds since 1970. */
export interface ChangeWindow {
  readonly from: number;
  readonly to: number;
}

const BEFORE_MS = 60 * 60_000;
/** What breaks something may be written a little later than what it broke. */
const AFTER_MS = 60_000;
const MOST_CHANGES = 8;
const LONGEST_TITLE = 200;

/** From 60 minutes before an RFC 3339 time to one minute after it; undefined when it is no time. */
export function changeWindow(since: string): ChangeWindow | undefined {
  const at = Date.parse(since);
  return Number.isNaN(at) ? undefined : { from: at - BEFORE_MS, to: at + AFTER_MS };
}

/** A time of the cluster as RFC 3339 in UTC when it lies in the window, else undefined. */
export function timeWithin(window: ChangeWindow, time: string | null | undefined): string | undefined {
  const at = Date.parse(time ?? '');
  return at >= window.from && at <= window.to ? new Date(at).toISOString().replace('.000Z', 'Z') : undefined;
}

/** `Deployment shop/web`, safe to print. */
export function changedObject(object: JsonObject): string {
  const { kind = '', metadata = {} } = asKube<KubeObject>(object);
  const { namespace, name = '' } = metadata;
  return shorten(oneLine(`${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`), LONGEST_TITLE);
}

/** At most eight changes, each once and the newest first; where there are more, the most relevant ones. */
export function tellChanges(found: readonly FoundChange[]): readonly ClusterChange[] {
  const distinct = new Map(found.toSorted(leastRelevantFirst).map((change) => [keyOf(change), change]));
  return [...distinct.values()]
    .toSorted((a, b) => rank(a) - rank(b) || newestFirst(a, b))
    .slice(0, MOST_CHANGES)
    .toSorted((a, b) => newestFirst(a, b) || rank(a) - rank(b))
    .map(({ at, object, what }) => ({ at, object, what }));
}

function keyOf({ at, object, what }: ClusterChange): string {
  return JSON.stringify([at, object, what]);
}

function rank({ relevance }: FoundChange): number {
  return RELEVANCES.indexOf(relevance);
}

/** The last of those with one key stays in a map. */
function leastRelevantFirst(a: FoundChange, b: FoundChange): number {
  return rank(b) - rank(a);
}

function newestFirst(a: ClusterChange, b: ClusterChange): number {
  return Date.parse(b.at) - Date.parse(a.at);
}
