import { listWords } from '../../core/facts/text.ts';
import { governedNamespace } from '../../core/policy/decide-remediation.ts';
import type { Outcome } from '../../core/question/question.ts';
import { type Evidence, evidenceOf } from '../../core/remediation/offered-fix.ts';
import type { ProposedAction } from '../../core/remediation/proposed-action.ts';
import type { RemediationPlan } from '../../core/remediation/remediation.ts';
import { type Subject, type SubjectQuery, subjectPath } from '../../core/subject/subject.ts';
import type { ClusterReader } from '../../ports/cluster-reader.ts';
import { findOutcome } from '../find-outcome.ts';
import type { Offer } from './offer.ts';
import type { ExecutorDeps } from './remediation-deps.ts';
import { mayStandIn, standIns } from './stand-in.ts';

/** `input` is what the evidence is for: that of the plan, or the same for a pod that stands in for the diagnosed one. */
export type CheckedEvidence =
  | { readonly kind: 'same'; readonly input: ProposedAction }
  | Exclude<Evidence, { readonly kind: 'same' }>;

/**
 * Diagnoses the object of a plan once more: whether it still needs exactly that change. Where a pod is gone and its Deployment
 * is changed, another pod of the same revision may show it. Throws STORE_UNAVAILABLE.
 */
export async function checkEvidence(
  plan: RemediationPlan,
  reader: ClusterReader,
  deps: ExecutorDeps,
): Promise<CheckedEvidence> {
  const evidence = await evidenceFor(plan, plan.input, deps);
  return evidence.kind === 'superseded' && evidence.gone === true && mayStandIn(plan)
    ? elsewhere(plan, await standIns(plan, reader), deps)
    : evidence;
}

async function evidenceFor(plan: RemediationPlan, input: ProposedAction, deps: ExecutorDeps): Promise<CheckedEvidence> {
  const evidence = evidenceOf(await diagnoseAgain(plan, input.subject, deps), { input, finding: plan.finding });
  return evidence.kind === 'same' ? { kind: 'same', input } : evidence;
}

/** The first pod of the same revision that shows the same; if none does, what the first one shows. */
async function elsewhere(
  plan: RemediationPlan,
  pods: readonly Subject[] | undefined,
  deps: ExecutorDeps,
): Promise<CheckedEvidence> {
  const gone = `The pod that was diagnosed, ${subjectPath(plan.input.subject)}, is gone`;
  if (pods === undefined) {
    const reason = `${gone}, and the other pods of its Deployment could not be read. Nothing was changed. Diagnose it again.`;
    return { kind: 'unproven', reason };
  }
  const others: Exclude<CheckedEvidence, { readonly kind: 'same' }>[] = [];
  for (const subject of pods) {
    const evidence = await evidenceFor(plan, { ...plan.input, subject }, deps);
    if (evidence.kind === 'same') {
      return evidence;
    }
    others.push(evidence);
  }
  const told = others.find(({ kind }) => kind === 'unproven') ?? others[0];
  if (told === undefined) {
    const reason = `${gone}, and no other pod of its revision is there. Nothing was changed. Diagnose it again.`;
    return { kind: 'superseded', reason };
  }
  const names = listWords(
    pods.map(({ name }) => name),
    3,
  );
  return {
    kind: told.kind,
    reason: `${gone}, so ${names} of its revision ${pods.length === 1 ? 'was' : 'were'} looked at. ${told.reason}`,
  };
}

/** The same before it is proposed: an answer may be old. Throws STORE_UNAVAILABLE. */
export async function checkOffer(
  { question, finding, offered, playbooks, job }: Offer,
  deps: ExecutorDeps,
): Promise<Evidence> {
  const { kind, namespace, name } = offered.subject;
  const { outcome } = await findOutcome(
    { cluster: deps.cluster, subject: { kind, namespace, name }, readable: question.readable, reference: question.id },
    deps,
  );
  const { code, cause } = finding;
  return evidenceOf(outcome, {
    input: offered,
    finding: { code, cause, playbooks, question: question.id, run: job.run },
  });
}

/** A fresh diagnosis within what the question of a plan may name. Throws STORE_UNAVAILABLE. */
export async function diagnoseAgain(
  plan: RemediationPlan,
  { kind, namespace, name }: SubjectQuery,
  deps: ExecutorDeps,
): Promise<Outcome> {
  const known = await deps.questions.read(plan.finding.question);
  const asked = {
    cluster: plan.cluster,
    subject: { ...(kind === undefined ? {} : { kind }), namespace, name },
    readable: known?.question.readable ?? [governedNamespace(plan)],
    reference: plan.id,
  };
  return (await findOutcome(asked, deps)).outcome;
}
