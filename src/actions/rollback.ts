import type { JsonObject } from '../core/facts/json.ts';
import { asKube, type KubeWorkload } from '../core/facts/kube-types.ts';
import { shorten } from '../core/facts/text.ts';
import { canonicalJson } from '../core/remediation/canonical-json.ts';
import { kubectl, planTitle } from '../core/remediation/kubectl-line.ts';
import type { ProposedAction } from '../core/remediation/proposed-action.ts';
import type { PlanWords } from '../core/remediation/remediation.ts';
import { templateChange } from '../core/triage/template-change.ts';
import type { Acted, Action, ActionContext, Inspection, Refusal } from './action.ts';
import { digest } from './digest.ts';
import { managedBy } from './managed-by.ts';
import { type OlderTemplate, plainTemplate, readOlderTemplate } from './older-template.ts';
import { controllerOf } from './pod-target.ts';
import { refuse } from './refuse.ts';
import { jsonPatchRequest } from './requests.ts';
import { guardRollout } from './rollout-restart.ts';
import { type TemplateState, templateSeen, verifyRollout } from './verify-rollout.ts';
import { countsOf, templateOf } from './workload-counts.ts';
import {
  readWorkloadTarget,
  type WorkloadTarget,
  workloadPath,
  workloadRight,
  workloadTarget,
  workloadWords,
} from './workload-target.ts';

const LONGEST_CHANGE = 400;

/** R-ROLLBACK (T2): gives a Deployment the pod template of its revision before. */
export const rollback: Action = {
  code: 'R-ROLLBACK',
  conditional: true,
  inspect,
  seen: (acted, context) => templateSeen(acted, context, (raw) => stateOf(acted, raw)),
  verify: (acted, context) => verifyRollout(acted, context, (raw) => stateOf(acted, raw)),
};

async function inspect(input: ProposedAction, context: ActionContext): Promise<Inspection> {
  const target = await readWorkloadTarget(input, context, ['Deployment']);
  if (target.kind === 'refused') {
    return target;
  }
  const older = ownershipProblem(target) ?? (await readOlderTemplate(target, context));
  if (older.kind === 'refused') {
    return older;
  }
  const problem = redactedProblem(older) ?? (await guardRollout(target, context));
  if (problem !== undefined) {
    return problem;
  }
  const { uid, resourceVersion } = target;
  const [from, to] = await Promise.all([digest(older.current), digest(older.older)]);
  const request = jsonPatchRequest(workloadPath(target), uid, [
    { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
    { op: 'replace', path: '/spec/template', value: older.older },
  ]);
  return {
    kind: 'possible',
    target: workloadTarget(target),
    tier: 'T2',
    effect: { kind: 'kubernetes', request },
    fingerprint: canonicalJson({ action: 'R-ROLLBACK', uid, from, to }),
    words: wordsOf(target, older),
    rights: [workloadRight(target)],
    before: { from, to },
  };
}

/** Why a change would not stay or not take effect, or nothing. */
function ownershipProblem({ raw, namespace, name, metadata }: WorkloadTarget): Refusal | undefined {
  const title = `Deployment ${namespace}/${name}`;
  const manager = managedBy(raw);
  if (manager !== undefined) {
    return refuse(
      'unsafe',
      `${title} is kept by ${manager.tool}, which would take the rollback back or differ from it. ${manager.instead}.`,
    );
  }
  if (controllerOf({ metadata }) !== undefined) {
    return refuse(
      'unsafe',
      `${title} belongs to another controller, which would take the rollback back. Change what that controller reads.`,
    );
  }
  return asKube<KubeWorkload>(raw).spec?.paused === true
    ? refuse('unsafe', `${title} is paused, so a rollback would have no effect. Resume it first.`)
    : undefined;
}

/** A template without its secrets must never be written back. */
function redactedProblem({ older }: OlderTemplate): Refusal | undefined {
  return canonicalJson(older).includes('[redacted')
    ? refuse(
        'unproven',
        'The older template could only be read without its secrets, so it cannot be written back. Roll back by hand with kubectl.',
      )
    : undefined;
}

async function stateOf({ before }: Acted, raw: JsonObject): Promise<TemplateState> {
  const now = await digest(plainTemplate(templateOf(raw)));
  return now === before['to'] ? 'new' : now === before['from'] ? 'old' : 'other';
}

function wordsOf(target: WorkloadTarget, { current, older, ...way }: OlderTemplate): PlanWords {
  const { namespace, name, uid, raw } = target;
  const { revision, olderRevision, replicaSet } = way;
  const { desired, ready } = countsOf('Deployment', raw);
  const change = shorten(templateChange(current, older), LONGEST_CHANGE);
  const undo = (to: number): string =>
    kubectl(namespace, 'rollout', 'undo', `deployment/${name}`, `--to-revision=${to}`);
  return {
    title: planTitle(`roll back ${workloadWords(target)} to revision ${olderRevision}`),
    steps: [
      `Stop unless Deployment ${name} still has the uid ${uid} and the template of revision ${revision}, and ReplicaSet ${replicaSet} that of revision ${olderRevision}.`,
      'Send the patch as a dry run.',
      'Replace its pod template by the older one, on the condition of its uid and resourceVersion.',
      `Wait until every pod (${desired}) has the older template and is Ready.`,
    ],
    commands: [`${undo(olderRevision)} # only while its uid is ${uid}`],
    touches: `Every pod of Deployment ${name} (${desired}, of which ${ready} Ready). Afterwards: ${change}.`,
    risk: 'Whatever the newer revision brought is gone, and data that it wrote may not suit the older one.',
    undo: `The newer template stays as a revision of its own: ${undo(revision)}`,
  };
}
