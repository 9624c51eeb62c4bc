import { governedNamespace } from '../../core/policy/decide-remediation.ts';
import type { Outcome } from '../../core/question/question.ts';
import { type Evidence, evidenceOf } from '../../core/remediation/offered-fix.ts';
import type { RemediationPlan } from '../../core/remediation/remediation.ts';
import type { SubjectQuery } from '../../core/subject/subject.ts';
import { findOutcome } from '../find-outcome.ts';
import type { Offer } from './offer.ts';
import type { ExecutorDeps } from './remediation-deps.ts';

/** Diagnoses the object of a plan once more: whether it still needs exactly that change. Throws STORE_UNAVAILABLE. */
export async function checkEvidence(plan: RemediationPlan, deps: ExecutorDeps): Promise<Evidence> {
  return evidenceOf(await diagnoseAgain(plan, plan.input.subject, deps), plan);
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
