import { answerDelivery } from '../core/chat/answer-card.ts';
import type { Finding } from '../core/diagnosis/finding.ts';
import type { Outcome, QuestionRecord } from '../core/question/question.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { QuestionStore } from '../ports/question-store.ts';

/** The ports over which an answer goes out. */
export interface HandOverDeps {
  readonly questions: QuestionStore;
  readonly outbox: Outbox;
  readonly clock: Clock;
  /** Whether anybody could approve the repair of a finding, so that the answer has a button for it. */
  readonly canRepair: (cluster: string, finding: Finding) => boolean;
}

/**
 * Puts the answer of the newest run into the outbox, and only then marks it as handed over: until then the watch looks
 * after it. Twice is one message. Throws STORE_UNAVAILABLE.
 */
export async function handOver(
  { question, run }: Pick<QuestionRecord, 'question' | 'run'>,
  outcome: Outcome,
  { questions, outbox, clock, canRepair }: HandOverDeps,
): Promise<void> {
  const primary = outcome.kind === 'answered' ? outcome.diagnosis.primary : undefined;
  const offered = primary !== undefined && canRepair(question.cluster, primary);
  const notes = { at: clock.now().toISOString(), ...(offered ? { fix: 'offered' as const } : {}) };
  await outbox.put(answerDelivery(question, run, outcome, notes));
  await questions.delivered(question.id, run);
}
