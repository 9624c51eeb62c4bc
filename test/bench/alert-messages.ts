import type { MessageRecord, MessageVersion } from '../../src/sim/slack/store/records.ts';
import { parents } from '../integration/alerts-talk.ts';
import type { BotWorld } from '../integration/bot-world.ts';

/** Epoch milliseconds at which a top-level message said that for the first time; undefined: none did. */
export function saidAt(world: BotWorld, words: string): number | undefined {
  const times = everyParent(world)
    .flatMap(({ versions }) => versions)
    .filter((version) => wordsOf(version).includes(plain(words)))
    .map(({ at }) => at);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** How many top-level messages were ever posted. */
export function parentCount(world: BotWorld): number {
  return everyParent(world).length;
}

/** The most messages that one channel got within so many seconds; answers and edits are none. */
export function mostWithin(world: BotWorld, seconds: number): number {
  const posts = world.slack.calls('chat.postMessage').filter(({ ok }) => ok);
  const channels = [...Map.groupBy(posts, ({ args }) => String(args['channel'])).values()];
  const times = channels.map((calls) => calls.map(({ at }) => at));
  return Math.max(0, ...times.map((some) => densest(some, seconds * 1000)));
}

function densest(times: readonly number[], windowMs: number): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + windowMs).length));
}

function everyParent(world: BotWorld): readonly MessageRecord[] {
  return parents(world);
}

function wordsOf({ text, blocks }: MessageVersion): string {
  return plain([text, ...blocks.map(textsIn)].join('\n'));
}

/** The texts of a block in their order; a table has its text in pieces. */
function textsIn(value: unknown): string {
  if (Array.isArray(value)) {
    return value.map(textsIn).join('');
  }
  if (typeof value !== 'object' || value === null) {
    return '';
  }
  return Object.entries(value)
    .map(([name, one]) => (name === 'text' && typeof one === 'string' ? one : textsIn(one)))
    .join('');
}

function plain(text: string): string {
  return text.replaceAll(/[`*]/g, '');
}
