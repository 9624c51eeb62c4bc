import { isKubewhyError } from '../../core/errors/kubewhy-error.ts';
import type { RemediationRecord } from '../../core/remediation/remediation.ts';
import type { ClickReply } from '../../ports/bot.ts';
import type { BotDeps } from './bot-deps.ts';
import type { RemediationParts } from './remediation-permission.ts';

/** Asks an executor to make an approved change. What is not queued now is queued by the sweep: the approval stands. */
export async function startExecution(
  { signed: { plan }, actBefore }: RemediationRecord,
  { queue }: Pick<RemediationParts, 'queue'>,
  { logger }: Pick<BotDeps, 'logger'>,
): Promise<Extract<ClickReply, { kind: 'done' }>> {
  const job = {
    kind: 'execute',
    cluster: plan.cluster,
    remediation: plan.id,
    once: !plan.conditional,
    expiresAt: actBefore ?? plan.expiresAt,
  } as const;
  try {
    await queue.enqueue(job, `exec-${plan.id}`);
    return { kind: 'done' };
  } catch (error) {
    if (!isKubewhyError(error, 'QUEUE_UNAVAILABLE')) {
      throw error;
    }
    logger.warn('an approved change could not be queued; the sweep does it', { remediation: plan.id, error });
    return { kind: 'done', say: 'Approved. The queue does not answer, so it begins as soon as the queue is back.' };
  }
}
