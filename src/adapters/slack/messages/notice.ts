import { preformatted, section } from './blocks.ts';
import { fitBudget } from './fit-budget.ts';
import { mention, notificationText, plainWords, prose } from './mrkdwn.ts';
import { capital } from './remediation-words.ts';
import type { NoticeContent, RenderedMessage, RenderOptions } from './rendered-message.ts';

/** A sentence or two, with lines to copy below. */
export function renderNotice({ text, code = [], by }: NoticeContent, options: RenderOptions): RenderedMessage {
  const lines = code.filter((line) => line.trim() !== '');
  const said = plainWords(text) === '' ? 'Done.' : text;
  return fitBudget({
    text: notificationText(by === undefined ? said : `Somebody ${said}`),
    blocks: [
      section(
        `notice:v${options.version}:text`,
        by === undefined ? prose(said) : `${capital(mention(by))} ${prose(said)}`,
      ),
      ...(lines.length === 0 ? [] : [preformatted(`notice:v${options.version}:code`, lines)]),
    ],
  });
}
