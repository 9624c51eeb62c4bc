import type { JsonObject } from '../facts/json.ts';
import { asKube, type KubeMetadata, type KubeObject } from '../facts/kube-types.ts';
import { oneLine, shorten } from '../facts/text.ts';
import { type ChangeWindow, changedObject, timeWithin } from './cluster-changes.ts';
import type { ClusterChange } from './incident.ts';

interface ManagedObject extends KubeObject {
  readonly metadata?: KubeMetadata & { readonly managedFields?: readonly ManagedField[] };
}

interface ManagedField {
  readonly manager?: string;
  readonly operation?: string;
  readonly time?: string;
  readonly subresource?: string;
}

/** Parts of Kubernetes that keep objects up to date all the time; recordings may not tell their status updates from others. */
const CARETAKERS: ReadonlySet<string> = new Set([
  'kube-controller-manager',
  'kube-scheduler',
  'kube-apiserver',
  'kubelet',
]);
/** Writes of the same request differ by a second. */
const SAME_MS = 5000;
const LONGEST_MANAGER = 80;
const MOST_WRITES = 3;

/**
 * When an object was created or changed within the window, and by which program, from its metadata alone. Updates of its
 * status are no changes; with `caretakers: false` nor is anything that Kubernetes itself wrote. Only the newest change of
 * each program is known, and only of three programs it is told. The newest first.
 */
export function managedChanges(
  object: JsonObject,
  window: ChangeWindow,
  options: { readonly caretakers: boolean } = { caretakers: true },
): readonly ClusterChange[] {
  const { creationTimestamp } = metadataOf(object);
  const created = timeWithin(window, creationTimestamp);
  const writes = writesOf(object).filter(({ manager = '' }) => options.caretakers || !CARETAKERS.has(manager));
  const title = changedObject(object);
  const first = writes.find(({ time }) => isNear(time, creationTimestamp));
  const later = writes
    .filter(({ time }) => !isNear(time, creationTimestamp))
    .flatMap(({ manager, time }) => {
      const at = timeWithin(window, time);
      return at === undefined ? [] : [{ at, object: title, what: `was changed${by(manager)}` }];
    })
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
    .slice(0, MOST_WRITES);
  return [
    ...later,
    ...(created === undefined ? [] : [{ at: created, object: title, what: `was created${by(first?.manager)}` }]),
  ];
}

/**
 * Whether an object may have changed since the window began. Only its status tells for certain that it did not: whoever
 * takes back what another program wrote leaves no time. Without metadata about writes anything may have been.
 */
export function mayHaveChanged(object: JsonObject, { from }: ChangeWindow): boolean {
  const fields = metadataOf(object).managedFields ?? [];
  return fields.length === 0 || fields.some(({ time }) => Date.parse(time ?? '') >= from);
}

/** The newest write within the window, also by Kubernetes itself. */
export function newestWrite(object: JsonObject, window: ChangeWindow): string | undefined {
  return writesOf(object)
    .flatMap(({ time }) => timeWithin(window, time) ?? [])
    .toSorted()
    .at(-1);
}

/** Writes of the object itself, in no order. */
function writesOf(object: JsonObject): readonly ManagedField[] {
  return (metadataOf(object).managedFields ?? []).filter(
    ({ operation, subresource }) => (operation === 'Apply' || operation === 'Update') && (subresource ?? '') === '',
  );
}

function metadataOf(object: JsonObject): NonNullable<ManagedObject['metadata']> {
  return asKube<ManagedObject>(object).metadata ?? {};
}

function isNear(time: string | undefined, other: string | undefined): boolean {
  return Math.abs(Date.parse(time ?? '') - Date.parse(other ?? '')) <= SAME_MS;
}

function by(manager: string | undefined): string {
  const name = oneLine(manager ?? '');
  return name === '' ? '' : ` by ${shorten(name, LONGEST_MANAGER)}`;
}
