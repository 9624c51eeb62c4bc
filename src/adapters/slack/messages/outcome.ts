import type { Outcome, Question } from '../../../core/question/question.ts';
import { renderAnswer } from './answer.ts';
import { ACTIONS, askedTitle, questionActions, smallPrint } from './answer-frame.ts';
import { actions, button, context, section } from './blocks.ts';
import { CAPS, fitBudget } from './fit-budget.ts';
import { fixOffer } from './fix-words.ts';
import { bold, code, cutMrkdwn, notificationText, prose, sentence } from './mrkdwn.ts';
import type { AnswerContent, MessageBlock, RenderedMessage, RenderOptions, Tier } from './rendered-message.ts';

const MOST_CANDIDATES = 3;

/** What came of a run: the diagnosis, why there is none, or that nobody came to it in time. */
export function renderOutcome(content: AnswerContent, tier: Tier, options: RenderOptions): RenderedMessage {
  const { question, run, outcome, at } = content;
  const id = (role: string): string => `${question.id}:v${options.version}:${role}`;
  if (outcome.kind === 'answered') {
    const fix = fixOffer(content);
    return renderAnswer({ question, run, answered: outcome, at, fix }, tier, options);
  }
  const blocks = [
    ...outcomeBody(question, outcome, id),
    ...(outcome.kind === 'failed' ? candidateButtons(id('candidates'), question, outcome.candidates) : []),
    ...questionActions(id('actions'), question, { diagnosed: false, privately: options.privately }),
    context(id('context'), smallPrint(content, done(question, outcome), options)),
  ];
  const said = `${askedTitle(question)} (${question.cluster}): ${words(outcome).join(' ')}`;
  return fitBudget({ text: notificationText(said), blocks });
}

/** The blocks above the buttons when there is no diagnosis. */
export function outcomeBody(
  question: Question,
  outcome: Exclude<Outcome, { readonly kind: 'answered' }>,
  id: (role: string) => string,
): readonly MessageBlock[] {
  const [what = '', ...then] = words(outcome);
  const emoji = outcome.kind === 'expired' ? ':hourglass:' : ':grey_question:';
  const title = prose(namesSubject(question, what) ? what : `${askedTitle(question)} in ${question.cluster}: ${what}`);
  const cut = title.length > CAPS.title;
  const lines = [cut ? prose(what) : '', ...then.map(prose), candidateText(outcome)];
  const rest = lines.filter((line) => line !== '');
  return [
    section(id('title'), `${emoji} ${bold(cutMrkdwn(title, CAPS.title))}`),
    ...(rest.length === 0 ? [] : [section(id('why'), rest.join('\n'))]),
  ];
}

/** What happened, then what to do. */
function words(outcome: Exclude<Outcome, { readonly kind: 'answered' }>): readonly string[] {
  if (outcome.kind === 'expired') {
    return ['the question waited too long and was not run.', 'Nothing was read. Check again when it still matters.'];
  }
  return [sentence(outcome.message), sentence(outcome.hint)].filter((text) => text !== '');
}

/** Whether a message says by itself what was asked about. */
function namesSubject({ subject }: Question, message: string): boolean {
  return message.includes(`"${subject.name}"`);
}

function done({ cluster }: Question, outcome: Outcome): string {
  const where = `${code(cluster)} · read-only`;
  return outcome.kind === 'failed' ? `Error ${code(outcome.code)} · cluster ${where}` : `Cluster ${where}`;
}

function candidateText(outcome: Outcome): string {
  const shown = outcome.kind === 'failed' ? outcome.candidates.slice(0, MOST_CANDIDATES) : [];
  const isSaid = outcome.kind === 'failed' && shown.every((name) => outcome.message.includes(`\`${name}\``));
  return isSaid || shown.length === 0 ? '' : `*Did you mean* ${shown.map(code).join(' or ')}?`;
}

/** A button for each name that may have been meant; its value is the question and the place in the list. */
function candidateButtons(id: string, question: Question, candidates: readonly string[]): readonly MessageBlock[] {
  const buttons = candidates.slice(0, MOST_CANDIDATES).map((candidate, index) =>
    button({
      action: `${ACTIONS.suggested}:${index}`,
      label: candidate,
      spoken: `Ask about ${candidate}`,
      value: `${question.id}:${index}`,
    }),
  );
  return buttons.length === 0 ? [] : [actions(id, buttons)];
}
