import { preformatted, section } from './blocks.ts';
import { fitBudget } from './fit-budget.ts';
import { notificationText, plainWords, prose } from './mrkdwn.ts';
import type { NoticeContent, RenderedMessage, RenderOptions } from './rendered-message.ts';

/** A sentence or two for one person, with lines to copy below. */
export function renderNotice({ text, code = [] }: NoticeContent, options: RenderOptions): RenderedMessage {
  const lines = code.filter((line) => line.trim() !== '');
  const said = plainWords(text) === '' ? 'Done.' : text;
  return fitBudget({
    text: notificationText(said),
    blocks: [
      section(`notice:v${options.version}:text`, prose(said)),
      ...(lines.length === 0 ? [] : [preformatted(`notice:v${options.version}:code`, lines)]),
    ],
  });
}
