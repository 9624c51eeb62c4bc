/** The classes of reasons for which the scheduler rejects nodes. */
export type SchedulingClass =
  | 'insufficient'
  | 'nodeAffinity'
  | 'podAffinity'
  | 'taint'
  | 'nodeState'
  | 'topologySpread'
  | 'hostPort'
  | 'volume'
  | 'dra'
  | 'gate'
  | 'removedPlugins'
  | 'custom';

export interface SchedulingReason {
  /** Nodes with this reason; one node may have several reasons, so counts do not add up. */
  readonly count: number;
  readonly reason: string;
}

/** A parsed `FailedScheduling` message (`FitError.Error()` in `pkg/scheduler/framework/types.go`). */
export interface FailedScheduling {
  readonly total: number | null;
  /** A sentence without counts that a pre-filter gave. */
  readonly preFilter: string | null;
  readonly reasons: readonly SchedulingReason[];
  /** What preemption would do: counts about victims, not about the pod. */
  readonly preemption: FailedScheduling | { readonly text: string } | null;
  /** The form up to about 1.9. */
  readonly legacy: boolean;
}

/** Reads a scheduler message; undefined when it has neither of the two known forms. */
export function parseFailedScheduling(message: string): FailedScheduling | undefined {
  const legacy = /^No nodes are available that match all of the (?:following )?predicates:{1,2}\s*(.*?)\.?$/.exec(
    message,
  );
  if (legacy !== null) {
    return { total: null, preFilter: null, reasons: legacyReasons(legacy[1] ?? ''), preemption: null, legacy: true };
  }
  const current = /^0\/(\d+) nodes are available:?\s*([\s\S]*)$/.exec(message);
  if (current === null) {
    return undefined;
  }
  const { rest, preemption } = splitPreemption(current[2] ?? '');
  const { preFilter, items } = splitPreFilter(withoutPostFilter(rest).trim().replace(/\.+$/, ''));
  return { total: Number(current[1]), preFilter, reasons: countedReasons(items), preemption, legacy: false };
}

function legacyReasons(text: string): readonly SchedulingReason[] {
  return text.split(/, (?=[^()]+\(\d+\))/).flatMap((part) => {
    const item = /^(.*?) \((\d+)\)$/.exec(part.trim());
    return item === null ? [] : [{ count: Number(item[2]), reason: item[1] ?? '' }];
  });
}

function splitPreemption(text: string): { rest: string; preemption: FailedScheduling['preemption'] } {
  const cut = /(?:^|\.?\s)preemption: ([\s\S]*)$/.exec(text);
  if (cut === null) {
    return { rest: text, preemption: null };
  }
  const inner = (cut[1] ?? '').replace(/\.+$/, '');
  return { rest: text.slice(0, cut.index), preemption: parseFailedScheduling(inner) ?? { text: inner } };
}

/** Other post-filters than preemption add a sentence of their own (1.32+: `no new claims to deallocate,`, `not found`). */
function withoutPostFilter(text: string): string {
  return text.replace(/\.\s+[a-z][^.]*$/, '.');
}

/** A pre-filter sentence may stand before the counted items (1.26 to 1.28). */
function splitPreFilter(text: string): { preFilter: string | null; items: string } {
  const first = text.search(/(?:^|\. )\d+ /);
  if (text === '' || first === 0) {
    return { preFilter: null, items: text };
  }
  if (first < 0) {
    return { preFilter: text.replace(/\.$/, ''), items: '' };
  }
  return { preFilter: text.slice(0, first).replace(/\.$/, ''), items: text.slice(first + 2) };
}

/** Items are split before a count only: a taint reason contains a comma itself. */
function countedReasons(items: string): readonly SchedulingReason[] {
  return items.split(/, (?=\d+ )/).flatMap((part) => {
    const item = /^(\d+) ([\s\S]+)$/.exec(part.trim());
    return item === null ? [] : [{ count: Number(item[1]), reason: (item[2] ?? '').replace(/\.+$/, '') }];
  });
}

const CLASSES: readonly (readonly [SchedulingClass, RegExp])[] = [
  ['insufficient', /^Insufficient \S+$|^Too many pods$/],
  ['podAffinity', /pod (?:anti-)?affinity(?:\/anti-affinity)?(?: rules)?$|existing pods anti-affinity/],
  [
    'nodeAffinity',
    /node selector|node affinity|requested (?:hostname|node name)|pod affinity terms conflict|required features|plugin\(s\) \[(?:NodeAffinity|NodeName)\]/,
  ],
  ['taint', /taint/],
  [
    'nodeState',
    /were unschedulable|unknown conditions|were not ready|out of disk space|(?:memory|disk|pid) pressure|unavailable network/,
  ],
  ['topologySpread', /topology spread constraints/],
  ['hostPort', /free ports/],
  ['gate', /scheduling gates|minCount pods/],
  ['dra', /allocate all claims|resourceclaim/],
  ['removedPlugins', /service affinity|requested labels/],
];

const VOLUME =
  /PersistentVolume's node affinity|volume node affinity conflict|persistent ?volume|PersistentVolume|pvc\(s\)|volume zone|max volume count|available disk|enough free storage|plugin\(s\) \[VolumeBinding\]|CSI driver is not installed|ephemeral volume controller/i;

/** The class of one reason; texts of versions 1.8 to 1.36. */
export function schedulingClass(reason: string): SchedulingClass {
  if (VOLUME.test(reason)) {
    return 'volume';
  }
  return CLASSES.find(([, pattern]) => pattern.test(reason))?.[0] ?? 'custom';
}
