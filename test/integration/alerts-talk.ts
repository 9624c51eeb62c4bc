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
      annotations: {},
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
