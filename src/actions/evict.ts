import { canonicalJson } from '../core/remediation/canonical-json.ts';
import { kubectlWithBody, planTitle, rawPath } from '../core/remediation/kubectl-line.ts';
import type { ProposedAction } from '../core/remediation/proposed-action.ts';
import type { PlanWords } from '../core/remediation/remediation.ts';
import type { WriteRequest } from '../ports/cluster-writer.ts';
import type { Action, ActionContext, Inspection, Refusal } from './action.ts';
import { leavingProblem } from './pod-delete.ts';
import { ownerTitle, type PodOwner, readPodOwner } from './pod-owner.ts';
import { isReady, podWords } from './pod-state.ts';
import { type PodTarget, podPath, podRight, podTarget, readPodTarget } from './pod-target.ts';
import { beforeReplacement, podGone, verifyReplacement } from './replacement.ts';
import { countsOf } from './workload-counts.ts';
import { guardWorkload } from './workload-guard.ts';

/** R-EVICT (T2): deletes one pod through the eviction API, which refuses with 429 what a PodDisruptionBudget forbids. */
export const evict: Action = {
  code: 'R-EVICT',
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
  const owner = leavingProblem(target) ?? (await readPodOwner(target, context));
  if (owner.kind === 'refused') {
    return owner;
  }
  const problem = await guardOwner(target, owner, context);
  const noted = problem ?? (await beforeReplacement(target, owner.top, context));
  if (noted.kind === 'refused') {
    return noted;
  }
  const request = evictionRequest(target);
  return {
    kind: 'possible',
    target: podTarget(target),
    tier: 'T2',
    effect: { kind: 'kubernetes', request },
    fingerprint: canonicalJson({
      action: 'R-EVICT',
      uid: target.uid,
      owner: owner.of.uid,
      node: target.node.kind === 'known' ? target.node.name : '',
    }),
    words: wordsOf(target, owner, request),
    rights: [podRight(target, 'create', 'eviction')],
    before: noted.before,
  };
}

function guardOwner(
  { pod, namespace }: PodTarget,
  { top }: PodOwner,
  context: ActionContext,
): Promise<Refusal | undefined> {
  const { desired, ready } = countsOf(top.kind, top.raw);
  const left = isReady(pod) ? Math.max(ready - 1, 0) : ready;
  const labels = pod.metadata?.labels ?? {};
  return guardWorkload({ title: ownerTitle(top), namespace, desired, ready, left, labels }, context);
}

function evictionRequest(target: PodTarget): WriteRequest {
  const { namespace, name, uid } = target;
  const options = { preconditions: { uid } };
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace } };
  return {
    verb: 'create',
    path: [...podPath(target), 'eviction'],
    contentType: 'application/json',
    body: { ...eviction, deleteOptions: options },
    dryRunBody: { ...eviction, deleteOptions: { ...options, dryRun: ['All'] } },
  };
}

function wordsOf(target: PodTarget, { of, top }: PodOwner, { path, body }: WriteRequest): PlanWords {
  const { namespace, name, uid, pod } = target;
  const { desired, ready } = countsOf(top.kind, top.raw);
  return {
    title: planTitle(`evict pod ${namespace}/${name}`),
    steps: [
      `Stop unless the pod still has the uid ${uid}, is not being deleted, and ${ownerTitle(top)} can spare it.`,
      'Send the eviction as a dry run, which asks the PodDisruptionBudgets.',
      'Evict the pod, on the condition of its uid; its containers get their grace period to end.',
      `Wait until ${ownerTitle(of)} has a new pod that is Ready.`,
    ],
    // A request body is one object; only JSON patches are lists.
    commands: [kubectlWithBody('apiVersion' in body ? body : {}, 'create', '--raw', rawPath(path))],
    touches: `One pod (${podWords(pod)}) of ${ownerTitle(top)}, which has ${ready} of ${desired} Ready.`,
    risk: 'Its connections end, and what its containers have in memory and in emptyDir volumes is lost.',
    undo: `Nothing to undo: ${ownerTitle(of)} makes a new pod from the same template.`,
  };
}
