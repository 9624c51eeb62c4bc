import type { Outcome, Question } from '../../../core/question/question.ts';
import { type AnswerLayout, answerBody, answerPrint } from './answer.ts';
import { askedTitle, smallPrint } from './answer-frame.ts';
import { context, section } from './blocks.ts';
import { fitBudget } from './fit-budget.ts';
import { undecidedFix } from './fix-words.ts';
import { bold, code, notificationText, prose, slackTime } from './mrkdwn.ts';
import { outcomeBody } from './outcome.ts';
import type { MessageBlock, RenderedMessage, RenderOptions, Tier, WaitingContent } from './rendered-message.ts';

/** That an answer is on its way; the one before it stays readable, without its buttons, until the new one is there. */
export function renderWaiting(content: WaitingContent, tier: Tier, options: RenderOptions): RenderedMessage {
  const { question, run, before } = content;
  const id = (role: string): string => `${question.id}:v${options.version}:${role}`;
  const previous = before === undefined ? undefined : previousAnswer(question, before, run - 1);
  const blocks = [
    section(id('waiting'), lineOf(content)),
    ...(before === undefined ? [] : previousBlocks({ question, before, previous }, tier, id)),
    context(id('context'), smallPrint({ question, run }, previous === undefined ? '' : answerPrint(previous), options)),
  ];
  return fitBudget({ text: notificationText(notice(content)), blocks });
}

function previousAnswer(question: Question, before: Outcome, run: number): AnswerLayout | undefined {
  return before.kind === 'answered' ? { question, run, answered: before, fix: undecidedFix(before) } : undefined;
}

function previousBlocks(
  shown: { readonly question: Question; readonly before: Outcome; readonly previous: AnswerLayout | undefined },
  tier: Tier,
  id: (role: string) => string,
): readonly MessageBlock[] {
  if (shown.previous !== undefined) {
    return answerBody(shown.previous, tier, id);
  }
  return shown.before.kind === 'answered' ? [] : outcomeBody(shown.question, shown.before, id);
}

function lineOf(content: WaitingContent): string {
  const { question, why, before, lastSeen } = content;
  const about = `${code(askedTitle(question))} in ${prose(question.cluster)}`;
  const below = before === undefined ? 'The answer comes here.' : 'The answer below is the one before.';
  switch (why) {
    case 'again':
      return `:mag: ${bold(`Checking ${about} again…`)} ${below}`;
    case 'slow':
      return `:hourglass_flowing_sand: ${bold(`Still looking at ${about}…`)} It takes longer than usual. ${below}`;
    case 'no-diagnoser': {
      const since = lastSeen === undefined ? '' : slackTime(lastSeen, question.askedAt);
      const seen = since === '' ? 'It was never seen.' : `It was last seen ${since}.`;
      return `:warning: ${bold(`Waiting for cluster ${prose(question.cluster)}: its diagnoser does not answer`)}\n${seen} ${code(askedTitle(question))} is looked at as soon as it is back. ${below}`;
    }
  }
}

function notice({ question, why }: WaitingContent): string {
  const about = `${askedTitle(question)} (${question.cluster})`;
  switch (why) {
    case 'again':
      return `Checking ${about} again…`;
    case 'slow':
      return `Still looking at ${about}; it takes longer than usual.`;
    case 'no-diagnoser':
      return `${about} is waiting: the diagnoser of the cluster does not answer.`;
  }
}
