import { answerDelivery, cardVersion, forCard, questionCard } from '../core/chat/answer-card.ts';
import type { Content } from '../core/chat/content.ts';
import type { QuestionRecord } from '../core/question/question.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClusterDirectory } from '../ports/cluster-directory.ts';
import type { DiagnosisQueue } from '../ports/diagnosis-queue.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { QuestionStore } from '../ports/question-store.ts';

/** The ports of the watch over questions that have no answer yet. */
export interface WatchDeps {
  readonly questions: QuestionStore;
  readonly queue: DiagnosisQueue;
  readonly outbox: Outbox;
  readonly clusters: ClusterDirectory;
  readonly clock: Clock;
  /** Seconds after which nobody will answer any more. */
  readonly expirySeconds: () => number;
}

/** People are told that it takes longer only after this time. */
const SLOW_MS = 4000;
/** A job that is lost is queued again after this time; one that is not lost stays the one job it is. */
const LOST_MS = 10_000;
/** A job that is taken at the last moment is still answered. */
const GRACE_MS = 30_000;

/**
 * One look at the questions without an answer: says that it takes long and why, queues lost jobs again, and says at last
 * that there will be no answer. Throws STORE_UNAVAILABLE and QUEUE_UNAVAILABLE.
 */
export async function watchUnanswered(deps: WatchDeps): Promise<void> {
  const waiting = await deps.questions.unanswered(SLOW_MS);
  for (const record of waiting) {
    await tell(record, deps);
  }
}

async function tell(record: QuestionRecord, deps: WatchDeps): Promise<void> {
  const { questions, queue, outbox, clock, expirySeconds } = deps;
  const { question, run, runAt } = record;
  const waitedMs = clock.now().getTime() - Date.parse(runAt);
  if (waitedMs > expirySeconds() * 1000 + GRACE_MS) {
    await questions.finish(question.id, run, { kind: 'expired' });
    const outcome = await questions.outcome(question.id, run);
    await outbox.put(answerDelivery(question, run, outcome ?? { kind: 'expired' }, clock.now().toISOString()));
    return;
  }
  if (waitedMs > LOST_MS) {
    const expiresAt = new Date(Date.parse(runAt) + expirySeconds() * 1000).toISOString();
    await queue.enqueue({ questionId: question.id, run, cluster: question.cluster, expiresAt }, 1);
  }
  if (question.replyTo.responseUrl === undefined) {
    const content = await waitingContent(record, deps);
    await outbox.put(questionCard(question, cardVersion(run, content.why), content));
  }
}

async function waitingContent(
  { question, run, answeredRun }: QuestionRecord,
  { clusters, questions }: WatchDeps,
): Promise<Extract<Content, { kind: 'waiting' }>> {
  const [status] = await clusters.statuses([question.cluster]);
  const silent = status === undefined || status.state === 'silent' || status.state === 'never-seen';
  const before = answeredRun === 0 ? undefined : await questions.outcome(question.id, answeredRun);
  return {
    kind: 'waiting',
    question,
    run,
    why: silent ? 'no-diagnoser' : 'slow',
    ...(status?.lastSeen === undefined ? {} : { lastSeen: status.lastSeen }),
    ...(before === undefined ? {} : { before: forCard(before) }),
  };
}
