import type { Finding } from '../diagnosis/finding.ts';
import type { Outcome } from '../question/question.ts';
import { type Subject, subjectPath } from '../subject/subject.ts';
import { canonicalJson } from './canonical-json.ts';
import type { RemediationPlan } from './remediation.ts';

/** What a new diagnosis says about a change that was approved. */
export type Evidence =
  /** The same finding still offers the same change. */
  | { readonly kind: 'same' }
  /** `gone`: the diagnosed object itself is not there any more. */
  | { readonly kind: 'superseded'; readonly reason: string; readonly gone?: true }
  /** Nothing is known. */
  | { readonly kind: 'unproven'; readonly reason: string };

/** What of a plan the evidence must still say. */
export type Proposed = Pick<RemediationPlan, 'input' | 'finding'>;

const AGAIN = 'Nothing was changed. Diagnose it again.';
/** With these failures the object itself is not there any more. */
const GONE: readonly string[] = ['SUBJECT_NOT_FOUND', 'SUBJECT_AMBIGUOUS'];

/** Whether the finding that led to a change still leads to the same change. */
export function evidenceOf(outcome: Outcome, { input, finding }: Proposed): Evidence {
  if (outcome.kind !== 'answered') {
    return notAnswered(outcome, input.subject);
  }
  const { diagnosis, playbooks } = outcome;
  if (playbooks !== finding.playbooks) {
    return superseded(`The playbooks were changed since this was proposed. ${AGAIN}`);
  }
  if (diagnosis.subject.uid !== input.subject.uid) {
    return gone(`is gone, or is another one of the same name by now. ${AGAIN}`, input.subject);
  }
  if (diagnosis.verdict !== 'cause') {
    return diagnosis.verdict === 'unknown'
      ? superseded(`The cause that was found before cannot be told any more. ${AGAIN}`)
      : superseded(`It healed by itself: ${titleOf(input.subject)} is ${diagnosis.verdict} now. Nothing was changed.`);
  }
  const same = standing(diagnosis).filter(({ code }) => code === finding.code);
  if (same.length === 0) {
    return superseded(`The cause is not "${finding.code}" any more. ${AGAIN}`);
  }
  return same.some(({ remediation }) => canonicalJson(remediation) === canonicalJson(input))
    ? { kind: 'same' }
    : superseded(`The same cause needs another change by now. ${AGAIN}`);
}

/** Whether a new diagnosis shows the finding on the object that it is about; undefined: it cannot be told. */
export function stillFound(
  outcome: Outcome,
  asked: { readonly code: string; readonly kind: string; readonly namespace: string; readonly name: string },
): boolean | undefined {
  if (outcome.kind !== 'answered') {
    return outcome.kind === 'failed' && GONE.includes(outcome.code) ? false : undefined;
  }
  const { subject } = outcome.diagnosis;
  // A name that is gone may lead to its owner, whose other pods may have the same trouble.
  const isIt = subject.kind === asked.kind && subject.namespace === asked.namespace && subject.name === asked.name;
  if (!isIt) {
    return false;
  }
  const { verdict, consequences } = outcome.diagnosis;
  const found = [...standing(outcome.diagnosis), ...consequences].some(({ code }) => code === asked.code);
  return !found && verdict === 'unknown' ? undefined : found;
}

function standing(diagnosis: Extract<Outcome, { readonly kind: 'answered' }>['diagnosis']): readonly Finding[] {
  const { primary, alternatives, others } = diagnosis;
  return [...(primary === undefined ? [] : [primary]), ...alternatives, ...others];
}

function notAnswered(outcome: Exclude<Outcome, { readonly kind: 'answered' }>, subject: Subject): Evidence {
  if (outcome.kind === 'failed' && GONE.includes(outcome.code)) {
    return gone(`is gone. ${AGAIN}`, subject);
  }
  const why = outcome.kind === 'failed' ? outcome.message : 'there was no answer.';
  return {
    kind: 'unproven',
    reason: `${capital(titleOf(subject))} could not be diagnosed again before the change, so nothing was changed: ${why}`,
  };
}

function gone(words: string, subject: Subject): Evidence {
  return {
    kind: 'superseded',
    reason: `The ${subject.kind === 'Pod' ? 'pod' : subject.kind} that was diagnosed, ${subjectPath(subject)}, ${words}`,
    gone: true,
  };
}

/** `pod shop/web-0`, `Deployment shop/web`. */
function titleOf(subject: Subject): string {
  return `${subject.kind === 'Pod' ? 'pod' : subject.kind} ${subjectPath(subject)}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function superseded(reason: string): Evidence {
  return { kind: 'superseded', reason };
}
