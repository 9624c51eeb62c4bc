import { governedNamespace } from '../../core/policy/decide-remediation.ts';
import type { Question } from '../../core/question/question.ts';
import type { Execution } from './execution.ts';

/**
 * Asks about the same object once more in the thread, because the change did not help; once, however often it is called.
 * What cannot be asked is only logged.
 */
export async function askAfresh({ plan, deps }: Execution): Promise<void> {
  const { questions, diagnoses, ids, clock, logger } = deps;
  try {
    const before = await questions.read(plan.finding.question);
    const { kind, namespace, name } = plan.input.subject;
    const question: Question = {
      id: `q-${ids.derive('did-not-help', plan.id)}`,
      cluster: plan.cluster,
      subject: { kind, namespace, name },
      readable: before?.question.readable ?? [governedNamespace(plan)],
      asker: plan.requester,
      replyTo: plan.replyTo,
      askedAt: clock.now().toISOString(),
    };
    const begun = await questions.begin(question);
    if (begun.kind === 'begun') {
      const expiresAt = new Date(clock.now().getTime() + deps.questionExpirySeconds() * 1000).toISOString();
      // What is not queued now is queued by the watch over questions without an answer.
      await diagnoses.enqueue(
        { questionId: question.id, run: begun.run, cluster: plan.cluster, expiresAt },
        begun.position,
      );
    }
  } catch (error) {
    logger.warn('a change that did not help could not be diagnosed again', { remediation: plan.id, error });
  }
}
