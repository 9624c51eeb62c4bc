import { cardVersion, forCard, questionCard } from '../core/chat/answer-card.ts';
import type { Content } from '../core/chat/content.ts';
import type { QuestionRecord } from '../core/question/question.ts';
import type { ClusterDirectory } from '../ports/cluster-directory.ts';
import type { DiagnosisQueue } from '../ports/diagnosis-queue.ts';
import { type HandOverDeps, handOver } from './hand-over.ts';

/** The ports of the watch over questions that have no answer yet. */
export interface WatchDeps extends HandOverDeps {
  readonly queue: DiagnosisQueue;
  readonly clusters: ClusterDirectory;
  /** Seconds after which nobody will answer any more. */
  readonly expirySeconds: () => number;
}

/** People are told that it takes longer only after this time. */
const SLOW_MS = 4000;
/** A job that is lost is queued again after this time; one that is not lost stays the one job it is. */
const LOST_MS = 10_000;
/** A job that is taken at the last moment is still answered. */
const GRACE_MS = 30_000;

/** One round looks at no more pages of questions than this; those left come first in the next round. */
const MOST_PAGES = 10;

/**
 * One look at the questions without an answer: says that it takes long and why, queues lost jobs again, puts answers that
 * were not handed over, and says at last that there will be no answer. Throws STORE_UNAVAILABLE and QUEUE_UNAVAILABLE.
 */
export async function watchUnanswered(deps: WatchDeps): Promise<void> {
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const waiting = await deps.questions.unanswered(SLOW_MS);
    if (waiting.length === 0) {
      return;
    }
    for (const record of waiting) {
      await lookAfter(record, deps);
    }
  }
}

async function lookAfter(record: QuestionRecord, deps: WatchDeps): Promise<void> {
  const { question, run, answeredRun, runAgeMs } = record;
  const isOver = runAgeMs > deps.expirySeconds() * 1000 + GRACE_MS;
  if (answeredRun < run && !isOver) {
    await tell(record, deps);
    return;
  }
  if (answeredRun < run) {
    await deps.questions.finish(question.id, run, { kind: 'expired' });
  }
  const outcome = await deps.questions.outcome(question.id, run);
  if (outcome !== undefined || isOver) {
    await handOver(record, outcome ?? { kind: 'expired' }, deps);
  }
}

async function tell(record: QuestionRecord, deps: WatchDeps): Promise<void> {
  const { question, run, runAt, runAgeMs } = record;
  if (question.replyTo.responseUrl === undefined) {
    const content = await waitingContent(record, deps);
    await deps.outbox.put(questionCard(question, cardVersion(run, content.why), content));
  }
  if (runAgeMs > LOST_MS) {
    const expiresAt = new Date(Date.parse(runAt) + deps.expirySeconds() * 1000).toISOString();
    await deps.queue.enqueue({ questionId: question.id, run, cluster: question.cluster, expiresAt }, 1);
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
