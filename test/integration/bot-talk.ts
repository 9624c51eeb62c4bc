import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Delivery } from '../../src/sim/slack/delivery/delivery-types.ts';
import type { CommandInput } from '../../src/sim/slack/delivery/driver-inputs.ts';
import type { MessageRecord } from '../../src/sim/slack/store/records.ts';
import type { BotWorld } from './bot-world.ts';

/** A question about an object of the examples, asked in #ops or wherever no namespace is usual. */
export const QUESTION = 'why deploy/blog-api -n shop';
/** What its answer names. */
export const CAUSE = 'blog-api-appsettings';
/** What is said when Redis does not take a question. */
export const REFUSED = 'Not possible right now';

/** The id of the question that an acknowledgement has accepted. */
export function acceptedId({ body }: Pick<Delivery, 'body'>): string | undefined {
  return /run `(q-[a-z2-7]+)`/.exec(body)?.[1];
}

/** All messages of the bot that belong to a question, deleted ones included. */
export function messagesOf({ slack }: BotWorld, id: string | undefined): readonly MessageRecord[] {
  return slack.sent().filter(({ metadata }) => metadata?.event_payload['key'] === id);
}

/** Whether a question has its answer. */
export function isAnswered(world: BotWorld, id: string | undefined): boolean {
  return messagesOf(world, id).some(({ text }) => text.includes(CAUSE));
}

/** A busy bot says this at once, and the rest a little later. */
const STILL = 'Still on it';

/** Types a command and returns the answer with what was said in the end. Only one at a time. */
export async function command(world: BotWorld, input: CommandInput = {}): Promise<Delivery> {
  const told = toldAlone(world).length;
  const delivery = await world.slack.drivers.command({ text: QUESTION, ...input });
  if (!delivery.body.includes(STILL)) {
    return delivery;
  }
  return { ...delivery, body: await world.slack.waitFor(() => toldAlone(world)[told], 30_000) };
}

/** Asks in #ops, or elsewhere, and returns the id of the question. Throws when it was not accepted. */
export async function ask(world: BotWorld, channel = world.slack.channels.ops.id): Promise<string> {
  const delivery = await command(world, { channel });
  const id = acceptedId(delivery);
  if (id === undefined) {
    throw new Error(`the question was not accepted: ${delivery.outcome} ${delivery.body}`);
  }
  return id;
}

/** Asks in #ops and waits for the answer. */
export async function askAndWait(world: BotWorld, milliseconds = 20_000): Promise<MessageRecord> {
  const id = await ask(world);
  return world.slack.waitFor(
    () => messagesOf(world, id).find(({ text, deleted }) => !deleted && text.includes(CAUSE)),
    milliseconds,
  );
}

/**
 * Everything that people alone were told, oldest first: acknowledgements, response URLs and ephemeral messages, without
 * those that only announce another one.
 */
export function toldAlone({ slack }: BotWorld): readonly string[] {
  return slack
    .ephemerals()
    .map(({ text }) => text)
    .filter((text) => !text.includes(STILL));
}

/** The ids of all questions whose askers were told that they are looked at, each once. */
export function acceptedIds(world: BotWorld): readonly string[] {
  return [...new Set(toldAlone(world).flatMap((body) => acceptedId({ body }) ?? []))];
}

/** Waits until nothing is left to send and nothing is uncertain. */
export async function untilSent({ redis }: BotWorld, milliseconds = 40_000): Promise<void> {
  const client = new Redis(redis.url);
  const end = Date.now() + milliseconds;
  try {
    while ((await client.zcard('kubewhy:{outbox}:open')) > 0) {
      if (Date.now() > end) {
        throw new Error(`there is still something to send after ${milliseconds} ms`);
      }
      await pause(100);
    }
  } finally {
    client.disconnect();
  }
}

/** Where a message is clicked. */
export function placeOf({ channel, ts }: MessageRecord): { readonly channel: string; readonly ts: string } {
  return { channel, ts };
}

/** The value of a choice in the menu of an answer, by its first word. */
export function menuChoice({ blocks }: MessageRecord, name: 'kubectl' | 'wrong'): string {
  const values = JSON.stringify(blocks).matchAll(/"value":"((?:kubectl|wrong):[^"]+)"/g);
  return [...values].map(([, value = '']) => value).find((value) => value.startsWith(name)) ?? '';
}
