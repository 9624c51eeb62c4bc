import { formatSpan } from '../core/facts/time.ts';
import { canonicalJson } from '../core/remediation/canonical-json.ts';
import { kubectl, planTitle } from '../core/remediation/kubectl-line.ts';
import type { ProposedAction } from '../core/remediation/proposed-action.ts';
import type { PlanWords } from '../core/remediation/remediation.ts';
import type { Action, ActionContext, Inspection, Refusal } from './action.ts';
import { countsAsFailure, ownerTitle, type PodOwner, readPodOwner } from './pod-owner.ts';
import { graceSeconds, isReady, podWords } from './pod-state.ts';
import { type PodTarget, podPath, podRight, podTarget, readPodTarget } from './pod-target.ts';
import { refuse } from './refuse.ts';
import { beforeReplacement, podGone, verifyReplacement } from './replacement.ts';
import { deleteRequest } from './requests.ts';

/** R-POD-DELETE (T1): deletes one pod that does not serve and that its controller makes again; the pod's own grace period applies. */
export const podDelete: Action = {
  code: 'R-POD-DELETE',
  conditional: true,
  inspect,
  seen: podGone,
  verify: verifyReplacement,
};

async function inspect(input: ProposedAction, context: ActionContext): Promise<Inspection> {
  const target = await readPodTarget(input, context);
  if (target.kind === 'refused') {
    return target;
  }
  const problem = leavingProblem(target) ?? readyProblem(target);
  const owner = problem ?? (await readPodOwner(target, context));
  if (owner.kind === 'refused') {
    return owner;
  }
  const noted = await beforeReplacement(target, owner.top, context);
  if (noted.kind === 'refused') {
    return noted;
  }
  const preconditions = { uid: target.uid };
  return {
    kind: 'possible',
    target: podTarget(target),
    tier: 'T1',
    effect: { kind: 'kubernetes', request: deleteRequest(podPath(target), { preconditions }) },
    fingerprint: canonicalJson({
      action: 'R-POD-DELETE',
      uid: target.uid,
      owner: owner.of.uid,
      node: target.node.kind === 'known' ? target.node.name : '',
    }),
    words: wordsOf(target, owner),
    rights: [podRight(target, 'delete')],
    before: noted.before,
  };
}

/** What speaks against a graceful end of a pod. */
export function leavingProblem({ pod, node }: PodTarget): Refusal | undefined {
  if (pod.metadata?.deletionTimestamp !== undefined) {
    return refuse(
      'changed',
      'The pod is being deleted already. Wait for its grace period; if it stays, ask why it does not terminate.',
    );
  }
  return node.kind === 'gone' || (node.kind === 'known' && !node.ready)
    ? refuse(
        'unsafe',
        `Its node ${node.name} ${node.kind === 'gone' ? 'does not exist any more' : 'is not Ready'}, so nobody there would stop the pod and it would hang in Terminating. Repair the node first.`,
      )
    : undefined;
}

function readyProblem({ pod }: PodTarget): Refusal | undefined {
  return isReady(pod)
    ? refuse(
        'unsafe',
        'The pod is Ready, and a deletion does not ask PodDisruptionBudgets. Evict it instead (R-EVICT), which does.',
      )
    : undefined;
}

function wordsOf(target: PodTarget, { of, top }: PodOwner): PlanWords {
  const { namespace, name, uid, pod } = target;
  const grace = formatSpan(graceSeconds(pod.spec));
  const belongs = of.uid === top.uid ? ownerTitle(of) : `${ownerTitle(of)} of ${ownerTitle(top)}`;
  return {
    title: planTitle(`delete pod ${namespace}/${name}`),
    steps: [
      `Stop unless the pod still has the uid ${uid}, is not Ready, is not being deleted and its node is Ready.`,
      'Send the deletion as a dry run.',
      `Delete the pod, on the condition of its uid; its containers get ${grace} to end.`,
      `Wait until ${ownerTitle(of)} has a new pod that is Ready.`,
    ],
    commands: [`${kubectl(namespace, 'delete', 'pod', name)} # only while its uid is ${uid}`],
    touches: `One pod (${podWords(pod)}) of ${belongs}.`,
    risk: `${jobRisk(target, of.kind)}What its containers have in memory and in emptyDir volumes is lost. It does not serve, so no PodDisruptionBudget is asked.`,
    undo: `Nothing to undo: ${ownerTitle(of)} makes a new pod from the same template.`,
  };
}

function jobRisk(target: PodTarget, kind: string): string {
  return kind === 'Job' && countsAsFailure(target)
    ? 'The deletion counts as one failure of the Job (backoffLimit). '
    : '';
}
