import type { JsonObject } from '../core/facts/json.ts';
import { asKube, type KubeWorkload } from '../core/facts/kube-types.ts';
import { formatSpan } from '../core/facts/time.ts';
import { canonicalJson } from '../core/remediation/canonical-json.ts';
import { kubectl, planTitle } from '../core/remediation/kubectl-line.ts';
import type { ProposedAction } from '../core/remediation/proposed-action.ts';
import type { PlanWords } from '../core/remediation/remediation.ts';
import type { WriteRequest } from '../ports/cluster-writer.ts';
import type { Acted, Action, ActionContext, Inspection, Refusal } from './action.ts';
import { digest } from './digest.ts';
import { graceSeconds } from './pod-state.ts';
import { refuse } from './refuse.ts';
import { readyWhileRolling, rolloutUnderWay } from './rollout-state.ts';
import { type TemplateState, templateSeen, verifyRollout } from './verify-rollout.ts';
import { countsOf, templateLabels, templateOf } from './workload-counts.ts';
import { guardWorkload } from './workload-guard.ts';
import {
  readWorkloadTarget,
  type WorkloadTarget,
  workloadPath,
  workloadRight,
  workloadTarget,
  workloadWords,
} from './workload-target.ts';

const RESTARTED = 'kubectl.kubernetes.io/restartedAt';

/** R-ROLLOUT-RESTART (T2): replaces all pods of a Deployment, StatefulSet or DaemonSet, one after the other. */
export const rolloutRestart: Action = {
  code: 'R-ROLLOUT-RESTART',
  conditional: true,
  inspect,
  seen: (acted, context) => templateSeen(acted, context, (raw) => stateOf(acted, raw)),
  verify: (acted, context) => verifyRollout(acted, context, (raw) => stateOf(acted, raw)),
};

async function inspect(input: ProposedAction, context: ActionContext): Promise<Inspection> {
  const target = await readWorkloadTarget(input, context, ['Deployment', 'StatefulSet', 'DaemonSet']);
  if (target.kind === 'refused') {
    return target;
  }
  const problem = rolloutProblem(target) ?? (await guardRollout(target, context));
  if (problem !== undefined) {
    return problem;
  }
  const at = context
    .now()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z');
  const { uid, raw } = target;
  return {
    kind: 'possible',
    target: workloadTarget(target),
    tier: 'T2',
    effect: { kind: 'kubernetes', request: restartRequest(target, at) },
    fingerprint: canonicalJson({ action: 'R-ROLLOUT-RESTART', uid, template: await digest(templateOf(raw)) }),
    words: wordsOf(target),
    rights: [workloadRight(target)],
    before: { restartedAt: restartedAt(raw), restartsAt: at },
  };
}

/** What speaks against a new rollout, or nothing. */
function rolloutProblem(target: WorkloadTarget): Refusal | undefined {
  const { type, raw, namespace, name } = target;
  const title = `${type} ${namespace}/${name}`;
  const strategy = strategyProblem(target, title);
  const open = rolloutUnderWay(type, raw);
  if (strategy !== undefined || open === undefined) {
    return strategy;
  }
  return refuse('unsafe', `A rollout of ${title} is under way: ${open}. Wait for its end, or roll it back.`);
}

function strategyProblem({ type, raw }: WorkloadTarget, title: string): Refusal | undefined {
  const { paused, updateStrategy = {} } = asKube<KubeWorkload>(raw).spec ?? {};
  if (paused === true) {
    return refuse('unsafe', `${title} is paused, so nothing would be restarted. Resume it first.`);
  }
  if (countsOf(type, raw).desired === 0) {
    return refuse('changed', `${title} wants no pods, so there is nothing to restart. Diagnose it again.`);
  }
  if (type !== 'Deployment' && updateStrategy.type === 'OnDelete') {
    return refuse(
      'unsafe',
      `${title} replaces pods only when they are deleted (OnDelete), so nothing would be restarted. Delete its pods one by one.`,
    );
  }
  return (updateStrategy.rollingUpdate?.partition ?? 0) > 0
    ? refuse('unsafe', `${title} holds back a part of its pods (partition). Restart them by hand.`)
    : undefined;
}

/** Refuses what would stop too many pods that serve. */
export function guardRollout(target: WorkloadTarget, context: ActionContext): Promise<Refusal | undefined> {
  const { type, raw, namespace, name } = target;
  const { desired, ready } = countsOf(type, raw);
  const left = Math.max(0, readyWhileRolling(type, raw));
  return guardWorkload(
    { title: `${type} ${name}`, namespace, desired, ready, left, labels: templateLabels(raw) },
    context,
  );
}

function restartRequest(target: WorkloadTarget, at: string): WriteRequest {
  const { uid, resourceVersion } = target;
  return {
    verb: 'patch',
    path: workloadPath(target),
    contentType: 'application/strategic-merge-patch+json',
    body: {
      metadata: { uid, resourceVersion },
      spec: { template: { metadata: { annotations: { [RESTARTED]: at } } } },
    },
  };
}

function restartedAt(raw: JsonObject): string {
  return asKube<KubeWorkload>(raw).spec?.template?.metadata?.annotations?.[RESTARTED] ?? '';
}

function stateOf({ before }: Acted, raw: JsonObject): TemplateState {
  const at = restartedAt(raw);
  return at === before['restartsAt'] ? 'new' : at === before['restartedAt'] ? 'old' : 'other';
}

function wordsOf(target: WorkloadTarget): PlanWords {
  const { type, raw, namespace, name, uid } = target;
  const { desired, ready } = countsOf(type, raw);
  const left = Math.max(0, readyWhileRolling(type, raw));
  return {
    title: planTitle(`restart ${workloadWords(target)}`),
    steps: [
      `Stop unless ${type} ${name} still has the uid ${uid} and the same pod template, and no rollout is under way.`,
      'Send the patch as a dry run.',
      `Set the annotation ${RESTARTED} of its pod template, on the condition of its uid and resourceVersion.`,
      `Wait until every pod (${desired}) is new and Ready.`,
    ],
    commands: [
      `${kubectl(namespace, 'rollout', 'restart', `${type.toLowerCase()}/${name}`)} # only while its uid is ${uid}`,
    ],
    touches: `Every pod of ${type} ${name} (${desired}, of which ${ready} Ready); never fewer than ${left} Ready meanwhile.`,
    risk: `Every pod ends and starts anew within its grace period (${formatSpan(graceOf(raw))}); pods that cannot start stop the rollout.`,
    undo: 'The pods that were replaced do not come back; a rollback of the annotation only restarts them again.',
  };
}

function graceOf(raw: JsonObject): number {
  return graceSeconds(asKube<KubeWorkload>(raw).spec?.template?.spec);
}
