import { nodeLeaseFact } from '../core/facts/node-lease.ts';
import { listWords } from '../core/facts/text.ts';
import { formatSpan, secondsBetween } from '../core/facts/time.ts';
import { canonicalJson } from '../core/remediation/canonical-json.ts';
import { kubectl, planTitle } from '../core/remediation/kubectl-line.ts';
import type { ProposedAction } from '../core/remediation/proposed-action.ts';
import type { PlanWords } from '../core/remediation/remediation.ts';
import { NODE_LEASES, resourceOf } from '../core/subject/kinds.ts';
import type { Action, ActionContext, Inspection, Refusal } from './action.ts';
import { forceBefore, forceGone, verifyForced } from './forced-outcome.ts';
import { DEFAULT_GRACE } from './pod-state.ts';
import { type PodTarget, podPath, podRight, podTarget, readPodTarget } from './pod-target.ts';
import { type PodVolumes, readPodVolumes } from './pod-volumes.ts';
import { refuse, unproven } from './refuse.ts';
import { deleteRequest } from './requests.ts';

/** A kubelet may need so much longer than the grace period. */
const PATIENCE_SECONDS = 30;
/** A kubelet renews its lease every 10 s; the control plane doubts the node after 40 s, and says so a little later. */
const SILENT_SECONDS = 40;

/** R-POD-FORCE-DELETE (T1 for a stateless pod, else T3): removes the object of a pod that hangs in Terminating; nobody waits for its processes. */
export const podForceDelete: Action = {
  code: 'R-POD-FORCE-DELETE',
  conditional: true,
  inspect,
  seen: forceGone,
  verify: verifyForced,
};

/** What decides how dangerous it is. */
interface Danger {
  readonly kind: 'danger';
  /** A second copy could do no harm. */
  readonly stateless: boolean;
  /** The kubelet answers, so that it can still end the processes. */
  readonly alive: boolean;
  readonly volumes: PodVolumes;
}

async function inspect(input: ProposedAction, context: ActionContext): Promise<Inspection> {
  const target = await readPodTarget(input, context);
  if (target.kind === 'refused') {
    return target;
  }
  const danger = stuckProblem(target, context.now()) ?? (await readDanger(target, context));
  if (danger.kind === 'refused') {
    return danger;
  }
  const noted = await forceBefore(target, danger, context);
  if (noted.kind === 'refused') {
    return noted;
  }
  const { uid, resourceVersion } = target;
  const options = { gracePeriodSeconds: 0, preconditions: { uid, resourceVersion } };
  return {
    kind: 'possible',
    target: podTarget(target),
    tier: danger.stateless ? 'T1' : 'T3',
    effect: { kind: 'kubernetes', request: deleteRequest(podPath(target), options) },
    fingerprint: fingerprintOf(target, danger),
    words: wordsOf(target, danger, context.now()),
    rights: [podRight(target, 'delete')],
    before: noted.before,
  };
}

function fingerprintOf({ uid, pod, node, controller }: PodTarget, { stateless, alive, volumes }: Danger): string {
  return canonicalJson({
    action: 'R-POD-FORCE-DELETE',
    uid,
    owner: controller?.uid ?? '',
    deletionTimestamp: pod.metadata?.deletionTimestamp ?? '',
    node: { ...node, raw: undefined },
    alive,
    single: volumes.single,
    stateless,
  });
}

/** Why the pod does not hang, or hangs for another reason. */
function stuckProblem({ pod }: PodTarget, now: Date): Refusal | undefined {
  const { deletionTimestamp, deletionGracePeriodSeconds = DEFAULT_GRACE, finalizers = [] } = pod.metadata ?? {};
  if (deletionTimestamp === undefined) {
    return refuse(
      'unsafe',
      'Nobody tried to delete the pod gracefully yet. Delete it gracefully first (R-POD-DELETE).',
    );
  }
  if (finalizers.length > 0) {
    return refuse(
      'unsafe',
      `The pod waits for ${finalizers.length === 1 ? 'a finalizer' : 'finalizers'}, which a forced deletion does not remove. Ask for whom it waits.`,
    );
  }
  const overdue = secondsBetween(deletionTimestamp, now.toISOString()) ?? 0;
  const patience = deletionGracePeriodSeconds + PATIENCE_SECONDS;
  return overdue > patience
    ? undefined
    : refuse(
        'unsafe',
        `The pod still has time to end by itself: a forced deletion is for pods that are ${formatSpan(patience)} overdue. Wait ${formatSpan(patience - overdue + 1)} and ask again.`,
      );
}

async function readDanger(target: PodTarget, context: ActionContext): Promise<Danger | Refusal> {
  const volumes = await readPodVolumes(target, context);
  if (volumes.kind === 'refused') {
    return volumes;
  }
  const life = await readLife(target, context);
  if (life.kind === 'refused') {
    return life;
  }
  if (!life.alive && !isReleased(target) && (hasIdentity(target) || volumes.single.length > 0)) {
    return twoCopiesProblem(target, volumes);
  }
  const stateless = isReplaceable(target) && volumes.single.length === 0 && volumes.host.length === 0;
  return { kind: 'danger', stateless, alive: life.alive, volumes };
}

/** Nothing of the pod can still run. */
function isReleased({ node }: PodTarget): boolean {
  return node.kind !== 'known' || node.outOfService;
}

function isReplaceable({ controller }: PodTarget): boolean {
  return controller?.kind === 'ReplicaSet' || controller?.kind === 'DaemonSet';
}

/** A StatefulSet promises one pod of a name at most; what other controllers promise is not known. */
function hasIdentity(target: PodTarget): boolean {
  return target.controller !== undefined && target.controller.kind !== 'Job' && !isReplaceable(target);
}

function twoCopiesProblem({ node, controller }: PodTarget, { single }: PodVolumes): Refusal {
  const where = node.kind === 'none' ? '' : node.name;
  const why =
    single.length > 0
      ? `its volume ${single[0] ?? ''} must never have two writers`
      : `${controller?.kind ?? ''} ${controller?.name ?? ''} promises that there is one such pod at most`;
  return refuse(
    'unsafe',
    `Node ${where} does not answer, so the pod may still run there, and ${why}. Make sure that the machine is off, then mark the node as out of service (R-OOS-TAINT) or delete the Node object.`,
  );
}

/** Whether the kubelet answers: the node is Ready and its lease was renewed lately. */
async function readLife(
  { node }: PodTarget,
  context: ActionContext,
): Promise<{ readonly kind: 'life'; readonly alive: boolean } | Refusal> {
  if (node.kind !== 'known' || !node.ready) {
    return { kind: 'life', alive: false };
  }
  const lease = await context.reader.get({ resource: resourceOf('Lease'), namespace: NODE_LEASES, name: node.name });
  if (lease.kind === 'unreadable') {
    return unproven(`The lease of node ${node.name}`, lease.message);
  }
  const age = lease.kind === 'found' ? nodeLeaseFact(lease.object, context.now().toISOString()).ageSeconds : undefined;
  return { kind: 'life', alive: age !== undefined && age <= SILENT_SECONDS };
}

function wordsOf(target: PodTarget, danger: Danger, now: Date): PlanWords {
  const { namespace, name, uid, pod, node } = target;
  const since = secondsBetween(pod.metadata?.deletionTimestamp, now.toISOString()) ?? 0;
  const place = node.kind === 'none' ? 'no node' : `node ${node.name}`;
  return {
    title: planTitle(`force-delete pod ${namespace}/${name}`),
    steps: [
      `Stop unless the pod still has the uid ${uid}, hangs in Terminating without finalizers, and ${place} is as it was.`,
      'Send the deletion as a dry run.',
      'Remove the object at once, on the condition of its uid and resourceVersion; nobody waits for the kubelet.',
      'Look whether it is gone and whether its controller has what it wants.',
    ],
    commands: [
      `${kubectl(namespace, 'delete', 'pod', name, '--grace-period=0', '--force')} # only while its uid is ${uid}`,
    ],
    touches: `The object of one pod on ${place}, overdue for ${formatSpan(since)}${ownedBy(target)}.`,
    risk: riskOf(target, danger),
    undo: 'It cannot be undone. A controller makes a new pod, mostly long before.',
    ...(danger.stateless ? {} : { danger: dangerOf(target, danger) }),
  };
}

function ownedBy({ controller }: PodTarget): string {
  return controller === undefined ? ', without a controller' : `, of ${controller.kind} ${controller.name}`;
}

function riskOf({ node }: PodTarget, { alive }: Danger): string {
  if (node.kind === 'gone') {
    return `The object of node ${node.name} is gone; a machine that still runs would go on with the processes of the pod.`;
  }
  return alive
    ? 'The kubelet could not end the pod; its processes may stay on the node where nobody tracks them.'
    : 'The node does not answer; the processes of the pod may go on there until it comes back.';
}

function dangerOf({ name, controller }: PodTarget, { volumes }: Danger): string {
  const what = [...volumes.single, ...volumes.host];
  const data =
    what.length === 0
      ? ''
      : ` Both can write to ${listWords(
          what.map((volume) => `volume ${volume}`),
          3,
        )}: data can be destroyed.`;
  const set =
    controller?.kind === 'StatefulSet' ? ` ${controller.kind} ${controller.name} makes a second ${name}.` : '';
  return `If a process of the pod is still alive, it runs beside its successor.${set}${data}`;
}
