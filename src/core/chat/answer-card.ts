import type { Outcome, Question } from '../question/question.ts';
import type { Content } from './content.ts';
import type { CardDelivery, Delivery, ResponseDelivery } from './delivery.ts';

/** What a card shows of one run, in the order in which it may show it. */
const STEPS = { again: 1, slow: 2, 'no-diagnoser': 3, answer: 9 } as const;

/** A later step of a run, and every step of a later run, replaces what the card shows. */
export function cardVersion(run: number, step: keyof typeof STEPS): number {
  return run * 10 + STEPS[step];
}

/**
 * The one message of a question, which is edited in place. Nobody waits for the first answer about an incident: the
 * messages of other incidents go before it.
 */
export function questionCard(question: Question, version: number, content: Content): CardDelivery {
  const { team, channel, thread } = question.replyTo;
  return {
    kind: 'card',
    key: question.id,
    team,
    channel,
    ...(thread === undefined ? {} : { thread }),
    priority: question.incident !== undefined && version <= cardVersion(1, 'answer') ? 'alert' : 'answer',
    version,
    content,
  };
}

/** What an answer says besides its outcome. */
export type AnswerNotes = Pick<Extract<Content, { readonly kind: 'answer' }>, 'at' | 'fix' | 'approvals'>;

/** The answer of a run, by the way that the question came. */
export function answerDelivery(question: Question, run: number, outcome: Outcome, notes: AnswerNotes): Delivery {
  const content: Content = { kind: 'answer', question, run, outcome: forCard(outcome), ...notes };
  const { responseUrl, team } = question.replyTo;
  if (responseUrl === undefined) {
    return questionCard(question, cardVersion(run, 'answer'), content);
  }
  const response: ResponseDelivery = {
    kind: 'response',
    key: `${question.id}-${run}`,
    team,
    url: responseUrl,
    priority: 'answer',
    version: 1,
    content,
  };
  return response;
}

/** An outcome without the list of considered playbooks, which is long and in the evidence. */
export function forCard(outcome: Outcome): Outcome {
  return outcome.kind === 'answered' ? { ...outcome, diagnosis: { ...outcome.diagnosis, considered: [] } } : outcome;
}
