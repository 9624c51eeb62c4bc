import type { JsonObject } from '../facts/json.ts';
import { asKube, type KubeObject, type KubeWorkload } from '../facts/kube-types.ts';
import { childOf } from '../recording/object-parts.ts';
import { type ChangeWindow, changedObject, timeWithin } from './cluster-changes.ts';
import type { ClusterChange } from './incident.ts';
import { newestWrite } from './managed-changes.ts';
import { templateChange, templateImages } from './template-change.ts';

/** A pod template that a workload had, or has. */
export interface Revision {
  /** The name of the object that keeps it. */
  readonly name: string;
  readonly number: number;
  /** Numbers that the same template had before a rollback gave it a new one. */
  readonly earlier: readonly number[];
  /** RFC 3339. */
  readonly created: string;
  /** When it was written last, where that is the time of a rollback. */
  readonly written?: string;
  /** How many pods of it are wanted, where it keeps pods. */
  readonly replicas: number;
  readonly template: JsonObject;
}

const NUMBER = 'deployment.kubernetes.io/revision';
const HISTORY = 'deployment.kubernetes.io/revision-history';

/** The revisions of a workload among ReplicaSets or ControllerRevisions of its namespace, the newest first. */
export function revisionsOf(
  workload: JsonObject,
  keepers: readonly JsonObject[],
  window: ChangeWindow,
): readonly Revision[] {
  const uid = asKube<KubeObject>(workload).metadata?.uid ?? '';
  return keepers
    .filter((keeper) => asKube<KubeObject>(keeper).metadata?.ownerReferences?.some((owner) => owner.uid === uid))
    .map((keeper) => (keeper['kind'] === 'ReplicaSet' ? ofReplicaSet(keeper) : ofControllerRevision(keeper, window)))
    .filter(({ number }) => Number.isFinite(number))
    .toSorted((a, b) => b.number - a.number);
}

function ofReplicaSet(object: JsonObject): Revision {
  const { name = '', annotations = {}, creationTimestamp = '' } = asKube<KubeObject>(object).metadata ?? {};
  const { replicas = 0 } = asKube<KubeWorkload>(object).spec ?? {};
  const earlier = (annotations[HISTORY] ?? '').split(',').flatMap((text) => (/^\d+$/.test(text) ? [Number(text)] : []));
  return {
    name,
    number: Number(annotations[NUMBER] ?? Number.NaN),
    earlier,
    created: creationTimestamp,
    replicas,
    template: childOf(childOf(object, 'spec'), 'template'),
  };
}

function ofControllerRevision(object: JsonObject, window: ChangeWindow): Revision {
  const { name = '', creationTimestamp = '' } = asKube<KubeObject>(object).metadata ?? {};
  const written = newestWrite(object, window);
  return {
    name,
    number: Number(object['revision'] ?? Number.NaN),
    earlier: [],
    created: creationTimestamp,
    replicas: 0,
    ...(written === undefined ? {} : { written }),
    template: childOf(childOf(childOf(object, 'data'), 'spec'), 'template'),
  };
}

/**
 * Which pod templates a workload got within the window: new ones by their creation, and an old one that was taken again,
 * which `rolledBackAt` tells for Deployments, whose ReplicaSets are written for other reasons as well.
 */
export function rolloutChanges(
  workload: JsonObject,
  revisions: readonly Revision[],
  options: { readonly window: ChangeWindow; readonly rolledBackAt?: string },
): readonly ClusterChange[] {
  const { window } = options;
  const object = changedObject(workload);
  const isNew = timeWithin(window, asKube<KubeObject>(workload).metadata?.creationTimestamp) !== undefined;
  const rollouts = revisions.flatMap((revision) => {
    const at = timeWithin(window, revision.created);
    const before = predecessor(revision, revisions);
    // The first template of a new workload came with it.
    if (at === undefined || (before === undefined && isNew)) {
      return [];
    }
    const number = revision.earlier[0] ?? revision.number;
    return [{ at, object, what: `revision ${number} rolled out${difference(before, revision)}` }];
  });
  const [newest] = revisions;
  const back = newest === undefined ? undefined : rollback(newest, revisions, options);
  return back === undefined ? rollouts : [{ ...back, object }, ...rollouts];
}

function difference(before: Revision | undefined, now: Revision): string {
  return before === undefined
    ? ` (${templateImages(now.template)}); the revision before it is not kept`
    : `: ${templateChange(before.template, now.template)}`;
}

function rollback(
  newest: Revision,
  revisions: readonly Revision[],
  { window, rolledBackAt }: { readonly window: ChangeWindow; readonly rolledBackAt?: string },
): Pick<ClusterChange, 'at' | 'what'> | undefined {
  const replaced = revisions[1];
  // A revision that is older than the one with the number before it was there already.
  if (replaced === undefined || Date.parse(newest.created) >= Date.parse(replaced.created)) {
    return undefined;
  }
  const at = timeWithin(window, rolledBackAt ?? newest.written);
  return at === undefined || Date.parse(at) < Date.parse(replaced.created)
    ? undefined
    : {
        at,
        what: `was rolled back to an earlier pod template, now revision ${newest.number}: ${templateChange(replaced.template, newest.template)}`,
      };
}

/** The revision that was in use before this one was made: that with the next lower number, whatever number it has now. */
function predecessor(revision: Revision, all: readonly Revision[]): Revision | undefined {
  const own = revision.earlier[0] ?? revision.number;
  const lower = all
    .filter((other) => other !== revision)
    .flatMap((other) => [other.number, ...other.earlier].map((number) => ({ number, other })))
    .filter(({ number }) => number < own)
    .toSorted((a, b) => b.number - a.number);
  const older = all
    .filter((other) => other !== revision && Date.parse(other.created) < Date.parse(revision.created))
    .toSorted((a, b) => Date.parse(b.created) - Date.parse(a.created));
  return lower[0]?.other ?? older[0];
}
