import { Redis } from 'ioredis';
import { expect } from 'vitest';
import type { RunningBot } from '../../src/app/bot/start-bot.ts';
import type { MessageRecord } from '../../src/sim/slack/store/records.ts';
import { type BotWorld, type BotWorldOptions, openBotWorld } from './bot-world.ts';

/** What the sender of the tests proves itself with. */
export const TOKEN = 'a-token-of-the-tests';

/** A world whose bot takes alerts and shows them in #shop-alerts. */
export async function openAlertWorld(options: BotWorldOptions = {}, alerts: object = {}): Promise<BotWorld> {
  return openBotWorld({
    ...options,
    settings: ({ shopAlerts }) => ({ alerts: { channel: shopAlerts.id, ...alerts } }),
    environment: { KUBEWHY_ALERT_TOKENS: `prometheus=${TOKEN}`, ...options.environment },
  });
}

/** Labels of one alert, with what is usual. */
export type AlertInput = Readonly<Record<string, string>>;

/** How a payload differs from one that fires. */
export interface PayloadInput {
  readonly status?: 'firing' | 'resolved';
  readonly startsAt?: string;
  readonly fingerprints?: readonly string[];
  readonly annotations?: AlertInput;
}

/** A payload as Alertmanager posts it. */
export function payloadOf(alerts: readonly AlertInput[], input: PayloadInput = {}): object {
  const status = input.status ?? 'firing';
  return {
    version: '4',
    groupKey: '{}:{}',
    truncatedAlerts: 0,
    status,
    receiver: 'kubewhy',
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example.org',
    alerts: alerts.map((labels, index) => ({
      status,
      labels,
      annotations: input.annotations ?? {},
      startsAt: input.startsAt ?? '2026-01-02T03:04:05.000Z',
      endsAt: status === 'resolved' ? new Date().toISOString() : '0001-01-01T00:00:00Z',
      generatorURL: 'http://prometheus.example.org/graph',
      ...(input.fingerprints?.[index] === undefined ? {} : { fingerprint: input.fingerprints[index] }),
    })),
  };
}

/** Posts a payload to a bot, as text or as JSON. */
export async function post(bot: Pick<RunningBot, 'internalPort'>, payload: unknown, token = TOKEN): Promise<Response> {
  return fetch(`http://127.0.0.1:${bot.internalPort}/alerts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });
}

/** Messages of the bot in #shop-alerts that are in no thread; deleted ones are left out. */
export function parents({ slack }: BotWorld, channel = slack.channels.shopAlerts.id): readonly MessageRecord[] {
  return slack
    .messages(channel)
    .filter(({ user, threadTs, deleted }) => user === slack.app.botUserId && threadTs === undefined && !deleted);
}

/** Replies of the bot in the thread of a message. */
export function replies({ slack }: BotWorld, { channel, ts }: MessageRecord): readonly MessageRecord[] {
  return slack
    .messages(channel)
    .filter(({ user, threadTs, deleted }) => user === slack.app.botUserId && threadTs === ts && !deleted);
}

/** Longest wait for something that takes a few seconds on an idle machine. */
export const SOON_MS = 40_000;

/** Waits until a probe finds something; when it does not, the error says what there was instead. */
export async function seen<T>(world: BotWorld, probe: () => T | undefined | false): Promise<T> {
  try {
    return await world.slack.waitFor(probe, SOON_MS);
  } catch {
    throw new Error(`it did not come; there was:\n${everythingTold(world).join('\n')}`);
  }
}

function everythingTold({ slack, logger }: BotWorld): readonly string[] {
  const told = slack
    .sent()
    .map(
      ({ channel, threadTs, text, deleted }) => `${channel} ${threadTs ?? ''} ${deleted ? '(deleted) ' : ''}${text}`,
    );
  const alone = slack.ephemerals().map(({ user, text }) => `to ${user}: ${text}`);
  const logged = logger.lines
    .filter(({ level }) => level !== 'debug' && level !== 'info')
    .map(({ message, fields }) => `${message} ${JSON.stringify(fields)}`.slice(0, 400));
  return [...told, ...alone, ...logged.slice(-20)];
}

/** Waits until nothing of the alerts of the cluster waits, is to be told or to be sent. */
export async function untilTold({ redis }: BotWorld): Promise<void> {
  const client = new Redis(redis.url);
  const sets = ['{triage}:cluster:prod:pending', '{triage}:cluster:prod:untold', '{outbox}:open'];
  try {
    await expect
      .poll(() => Promise.all(sets.map((set) => client.zcard(`kubewhy:${set}`))), { timeout: SOON_MS, interval: 100 })
      .toEqual(sets.map(() => 0));
  } finally {
    client.disconnect();
  }
}

/** The key under which the bot keeps a message. */
export function keyOf({ metadata }: MessageRecord): string {
  const key = metadata?.event_payload['key'];
  return typeof key === 'string' ? key : '';
}

/** What a person with the right to do so does; a parent with replies leaves nothing that could be edited. */
export async function deletePosted({ slack }: BotWorld, { channel, ts }: MessageRecord): Promise<void> {
  const response = await fetch(`${slack.apiUrl}chat.delete`, {
    method: 'POST',
    headers: { authorization: `Bearer ${slack.botToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel, ts }),
  });
  const answer = (await response.json()) as { readonly ok: boolean; readonly error?: string };
  if (!answer.ok) {
    throw new Error(`the message could not be deleted: ${answer.error}`);
  }
}

/** The word that the answer about incident A has. */
export const CAUSE = 'blog-api-appsettings';

/** The parent message that has a word in its text. */
export function parentSaying(world: BotWorld, word: string, channel?: string): Promise<MessageRecord> {
  return seen(world, () => parents(world, channel).find(({ text }) => text.includes(word)));
}

/** The replies of a thread once the answer is among them. */
export function whole(world: BotWorld, parent: MessageRecord): Promise<readonly MessageRecord[]> {
  return seen(world, () => {
    const found = replies(world, parent);
    return found.some(({ text }) => text.includes(CAUSE)) ? found : undefined;
  });
}

/** The keys of what stands there, without the place that is part of some. */
export function roles(messages: readonly MessageRecord[]): readonly string[] {
  return messages.map((message) => keyOf(message).replace(/-\d+\.\d+$/, '')).toSorted();
}
