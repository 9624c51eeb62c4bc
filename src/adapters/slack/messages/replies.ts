import type { Question } from '../../../core/question/question.ts';
import { askedTitle, runText } from './answer-frame.ts';
import { CAPS } from './fit-budget.ts';
import { code, cutMrkdwn, prose, sentence, withoutAutolinks } from './mrkdwn.ts';

/** The acknowledgement of a question, as mrkdwn for `text`. */
export function lookingAt(question: Question, privately: boolean): string {
  const what = `Looking at ${code(askedTitle(question))} in ${prose(question.cluster)}… (${runText(question.id, 1)})`;
  const only = ' I am not in this channel, so only you will see the answer. Invite me to answer for everyone.';
  return reply(`${what}${privately ? only : ''}`);
}

/** That somebody may not ask, and why, as mrkdwn for `text`. */
export function refusedText(reason: string): string {
  return reply(`:no_entry_sign: Not allowed: ${prose(sentence(reason))}`);
}

/** That a question could not be taken, and what to do, as mrkdwn for `text`. */
export function unavailableText(reason: string): string {
  return reply(`:warning: Not possible right now: ${prose(sentence(reason))}`);
}

function reply(mrkdwn: string): string {
  return cutMrkdwn(withoutAutolinks(mrkdwn), CAPS.plain);
}
