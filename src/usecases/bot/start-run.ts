import type { Question } from '../../core/question/question.ts';
import type { BotDeps } from './bot-deps.ts';

/** A run that the store has begun. */
export interface BegunRun {
  readonly run: number;
  readonly position: number;
}

/** Queues a run; when the queue does not take it, the run is taken back. Throws QUEUE_UNAVAILABLE. */
export async function startRun(question: Question, { run, position }: BegunRun, deps: BotDeps): Promise<void> {
  const { queue, questions, clock, settings, logger } = deps;
  const expiresAt = new Date(clock.now().getTime() + settings().questionExpirySeconds * 1000).toISOString();
  try {
    await queue.enqueue({ questionId: question.id, run, cluster: question.cluster, expiresAt }, position);
  } catch (error) {
    await questions.abandon(question.id, run).catch((reason: unknown) => {
      logger.warn('a run that was not queued could not be taken back', { questionId: question.id, reason });
    });
    throw error;
  }
}
