import type { Question } from '../../../core/question/question.ts';
import { namespaceOption } from '../../../core/subject/subject.ts';
import { ALL_EVIDENCE } from './answer-frame.ts';
import { CAPS } from './fit-budget.ts';
import { code, cutMrkdwn, escapeMrkdwn, withoutAutolinks } from './mrkdwn.ts';
import type { MessageBlock, RenderedMessage, RenderOptions } from './rendered-message.ts';

/** Tried one after the other; ten parts of the last size always fit. */
const PART_CAPS = [CAPS.plain, 1_200, 700, 300];
/** Where everything is told when there is no button for it. */
const TERMINAL = '`kubewhy why -o json`';
const NOTE = `Shortened: ${TERMINAL} has the rest`;
const SHORTENED = 'Shortened to fit';

/** A message of blocks as text alone, for workspaces that refuse the blocks; buttons become commands that do the same. */
export function toPlainTier(
  { text, blocks = [] }: RenderedMessage,
  options: RenderOptions,
  question?: Question,
): RenderedMessage {
  const asks = question !== undefined && blocks.some(({ type }) => type === 'actions');
  const hint = asks ? [`To check again: ${code(askAgain(question, options))}`] : [];
  const parts = [...blocks.map(blockText), ...hint].filter((part) => part !== '');
  const told = (parts.length === 0 ? [text] : parts).map((part) => part.replaceAll(ALL_EVIDENCE, TERMINAL));
  return { text: fitParts(told.map(withoutAutolinks), question === undefined ? SHORTENED : NOTE) };
}

/** Long parts are shortened first, so that the last one, the small print, stays. */
function fitParts(parts: readonly string[], rest: string): string {
  const whole = joinParts(parts);
  if (whole.length <= CAPS.plain) {
    return whole;
  }
  const note = whole.includes(rest) ? [] : [rest];
  const tried = PART_CAPS.map((cap) => joinParts([...parts.map((part) => cutMrkdwn(part, cap)), ...note]));
  return tried.find((text) => text.length <= CAPS.plain) ?? cutMrkdwn(whole, CAPS.plain);
}

/** A blank line between parts; none around a box, which has its own space. */
function joinParts(parts: readonly string[]): string {
  return parts.join('\n\n').replaceAll('\n\n```', '\n```').replaceAll('```\n\n', '```\n');
}

/** The command that asks the same question. */
export function askAgain({ subject, cluster }: Question, { command = '/k8s' }: Partial<RenderOptions>): string {
  const name = subject.kind === undefined ? subject.name : `${subject.kind.toLowerCase()}/${subject.name}`;
  return `${command} why ${name}${namespaceOption(subject.namespace)} -c ${cluster}`;
}

function blockText(block: MessageBlock): string {
  switch (block.type) {
    case 'section':
      return [block.text?.text ?? '', ...(block.fields ?? []).map(({ text }) => text.replace('\n', ': '))]
        .filter((line) => line !== '')
        .join('\n');
    case 'context':
      return block.elements.map((element) => ('text' in element ? element.text : '')).join('\n');
    case 'rich_text':
      return codeBlock(preformattedText(block));
    case 'table':
    case 'plan':
    case 'actions':
      return '';
  }
}

function preformattedText(block: Extract<MessageBlock, { type: 'rich_text' }>): string {
  return block.elements
    .flatMap((element) => (element.type === 'rich_text_preformatted' ? element.elements : []))
    .map((part) => (part.type === 'text' ? part.text : ''))
    .join('');
}

/** A box in mrkdwn; a backtick in it becomes an apostrophe, or three of them would end it. */
function codeBlock(text: string): string {
  return text === '' ? '' : `\`\`\`${escapeMrkdwn(text.replaceAll('`', "'"))}\`\`\``;
}
