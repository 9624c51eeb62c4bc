import { section } from './blocks.ts';
import { fitBudget } from './fit-budget.ts';
import { cutMrkdwn, mentionOf, notificationText, plainWords, prose } from './mrkdwn.ts';
import type { IncidentEventContent, MessageBlock, RenderedMessage, RenderOptions } from './rendered-message.ts';

const TEXT = 1_500;
const MOST_MENTIONS = 5;
const CHANGED = 'Something changed';

/** One thing that happened to an incident; those who must know are called in a block of their own, so that no cut takes them away. */
export function renderIncidentEvent({ text, mentions }: IncidentEventContent, options: RenderOptions): RenderedMessage {
  const said = plainWords(text) === '' ? '' : cutMrkdwn(prose(text), TEXT);
  const called = [...new Set(mentions.map(mentionOf))].filter((id) => id !== '').slice(0, MOST_MENTIONS);
  const parts: readonly (readonly [string, string])[] = [
    ['text', said],
    ['owner', called.length === 0 ? '' : `${called.length === 1 ? 'Owner' : 'Owners'}: ${called.join(' ')}`],
  ];
  const blocks: readonly MessageBlock[] = parts.flatMap(([role, mrkdwn]) =>
    mrkdwn === '' ? [] : [section(`event:v${options.version}:${role}`, mrkdwn)],
  );
  const shown = blocks.length === 0 ? [section(`event:v${options.version}:text`, CHANGED)] : blocks;
  const spoken = called.length === 0 ? CHANGED : 'You are named as the owner of what these alerts are about';
  return fitBudget({ text: notificationText(said === '' ? spoken : text), blocks: shown });
}
