import type { DiagnosisJob, QuestionRecord } from '../core/question/question.ts';
import { findOutcome, type OutcomeDeps } from './find-outcome.ts';
import { type HandOverDeps, handOver } from './hand-over.ts';

/** The ports of a diagnoser. */
export interface AnswerDeps extends OutcomeDeps, HandOverDeps {
  /** Seconds from the beginning of a run after which it is not diagnosed any more. */
  readonly expirySeconds: () => number;
}

/**
 * Runs a job: diagnoses, stores the outcome, and puts the answer into the outbox. May run twice for the same job, at
 * once or one after the other; the first outcome stays and one message is sent. Throws STORE_UNAVAILABLE.
 */
export async function answerQuestion(job: DiagnosisJob, deps: AnswerDeps): Promise<void> {
  const { questions } = deps;
  const record = await questions.read(job.questionId);
  // Taken back, because whoever asked was told that it could not be queued, or already asked again.
  if (record === undefined || record.run !== job.run) {
    return;
  }
  const { question } = record;
  if (record.answeredRun < job.run) {
    await finish(record, deps);
  }
  const outcome = await questions.outcome(question.id, job.run);
  if (outcome !== undefined) {
    await handOver(record, outcome, deps);
  }
}

async function finish({ question, run, runAgeMs }: QuestionRecord, deps: AnswerDeps): Promise<void> {
  const { questions, metrics } = deps;
  const { id, cluster, subject, readable } = question;
  if (runAgeMs > deps.expirySeconds() * 1000) {
    metrics.count('answers_total', { outcome: 'expired' });
    await questions.finish(id, run, { kind: 'expired' });
    return;
  }
  const { outcome, recording } = await findOutcome({ cluster, subject, readable, reference: id }, deps);
  metrics.count('answers_total', { outcome: outcome.kind });
  await questions.finish(id, run, outcome, recording);
}
