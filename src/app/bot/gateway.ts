import { BullmqDiagnosisQueue } from '../../adapters/bullmq/bullmq-diagnosis-queue.ts';
import type { Readiness } from '../../adapters/http/internal-server.ts';
import { createSlackApp, type SlackApp } from '../../adapters/slack/slack-app.ts';
import { hashedIds } from '../../adapters/system/hashed-ids.ts';
import { systemClock } from '../../adapters/system/system-clock.ts';
import type { Settings } from '../../config/settings.ts';
import type { BotDeps } from '../../usecases/bot/bot-deps.ts';
import { createBot } from '../../usecases/bot/create-bot.ts';
import { createDeliverer, type Deliverer } from '../../usecases/deliver.ts';
import { watchUnanswered } from '../../usecases/watch-unanswered.ts';
import { botSettings } from './bot-settings.ts';
import type { GatewayOptions } from './gateway-options.ts';
import { type Repeating, repeat } from './repeat.ts';
import { connectSlack, openReceiver, type SlackSide } from './slack-side.ts';

/** The side of the bot that speaks with Slack. */
export interface Gateway {
  /** From now on these settings hold; the way to Slack itself stays as it was started. */
  follow(settings: Settings): void;
  readiness(): readonly Readiness[];
  /** Takes nothing new, sends what is due, and closes its connections. */
  stop(): Promise<void>;
}

const WATCH_MS = 2000;

/** Connects to Slack and begins to listen and to send. Throws CHAT_REJECTED, CHAT_UNAVAILABLE, CONFIG_INVALID. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { stores, logger, metrics } = options;
  let { settings } = options;
  const slack = await connectSlack(options);
  const queue = new BullmqDiagnosisQueue({ url: options.redisUrl, logger, prefix: settings.redis.prefix });
  queue.open(settings.clusters.map(({ name }) => name));
  const facts = { version: options.version, botName: slack.identity.botName };
  const deps: BotDeps = {
    ...stores,
    queue,
    people: slack.people,
    clock: systemClock(),
    ids: hashedIds(),
    logger,
    metrics,
    settings: () => botSettings(settings, facts),
  };
  const app = openApp(options, slack, deps);
  const deliverer = createDeliverer({ rows: stores.outbox, chat: slack.chat, clock: deps.clock, logger, metrics });
  const watch = startWatch(deps, () => settings.limits.questionExpirySeconds);
  deliverer.start();
  const parts = { app, deliverer, watch, queue };
  try {
    await app.start();
  } catch (error) {
    await stopParts(parts);
    throw error;
  }
  return {
    follow: (changed) => {
      settings = changed;
      queue.open(changed.clusters.map(({ name }) => name));
    },
    readiness: () => readinessOf(app, deliverer),
    stop: () => stopParts(parts),
  };
}

function openApp(options: GatewayOptions, slack: SlackSide, deps: BotDeps): SlackApp {
  return createSlackApp({
    bot: createBot(deps),
    outbox: options.stores.outbox,
    chat: slack.chat,
    client: slack.quickClient,
    postResponse: slack.postResponse,
    identity: slack.identity,
    receiver: openReceiver(options),
    connection: slack.connection,
    command: options.settings.slack.command,
  });
}

function startWatch(deps: BotDeps, expirySeconds: () => number): Repeating {
  return repeat(
    () => watchUnanswered({ ...deps, expirySeconds }),
    WATCH_MS,
    // The connection itself reports its outages.
    (error) => deps.logger.debug('questions without an answer could not be looked at', { error }),
  );
}

function readinessOf(app: SlackApp, deliverer: Deliverer): readonly Readiness[] {
  const { healthy, detail } = app.status();
  const refusal = deliverer.refusal();
  return [
    { name: 'slack', ok: healthy, detail },
    {
      name: 'outbox',
      ok: refusal === undefined,
      ...(refusal === undefined ? {} : { detail: `Slack says ${refusal}` }),
    },
  ];
}

interface GatewayParts {
  readonly app: SlackApp;
  readonly deliverer: Deliverer;
  readonly watch: Repeating;
  readonly queue: BullmqDiagnosisQueue;
}

/** What was accepted last is still queued and sent. */
async function stopParts({ app, deliverer, watch, queue }: GatewayParts): Promise<void> {
  await app.stop();
  await watch.stop();
  await deliverer.stop();
  await queue.close();
}
