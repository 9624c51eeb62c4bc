import { setTimeout } from 'node:timers/promises';
import type { AlertmanagerServer } from '../../adapters/alertmanager/alertmanager-client.ts';
import { httpAlertmanagers } from '../../adapters/alertmanager/http-alertmanagers.ts';
import { BullmqDiagnosisQueue } from '../../adapters/bullmq/bullmq-diagnosis-queue.ts';
import type { Readiness } from '../../adapters/http/internal-server.ts';
import { createSlackApp, type SlackApp } from '../../adapters/slack/slack-app.ts';
import { hashedIds } from '../../adapters/system/hashed-ids.ts';
import { systemClock } from '../../adapters/system/system-clock.ts';
import type { Settings } from '../../config/settings.ts';
import type { Finding } from '../../core/diagnosis/finding.ts';
import type { Bot } from '../../ports/bot.ts';
import type { OutboxRows } from '../../ports/outbox.ts';
import type { BotDeps, BotSettings } from '../../usecases/bot/bot-deps.ts';
import { createBot } from '../../usecases/bot/create-bot.ts';
import { createDeliverer, type Deliverer } from '../../usecases/deliver.ts';
import { watchUnanswered } from '../../usecases/watch-unanswered.ts';
import { alertmanagerServers } from './alertmanager-servers.ts';
import { botSettings } from './bot-settings.ts';
import type { GatewayOptions } from './gateway-options.ts';
import { canRepair } from './remediation-rules.ts';
import { watchRemoval } from './removal.ts';
import { type Repeating, repeat } from './repeat.ts';
import { connectSlack, openReceiver, type SlackSide } from './slack-side.ts';
import { noteWorkspace } from './workspace-note.ts';

/** The side of the bot that speaks with Slack. */
export interface Gateway {
  /** From now on these settings hold; the way to Slack itself stays as it was started. */
  follow(settings: Settings): void;
  readiness(): readonly Readiness[];
  /** Takes nothing new, lets what people did last be handled, and looks after no question any more. */
  stopIntake(): Promise<void>;
  /** Sends what is due, and closes its connections. */
  stopSending(): Promise<void>;
}

const WATCH_MS = 2000;
/** What is under way may take longer than an acknowledgement, but not much. */
const DRAIN_MS = 5000;
/** How long the sender is given to take what was put last; what is left is sent after the next start. */
const FLUSH_MS = 2000;
const FLUSH_STEP_MS = 50;

/** Connects to Slack and begins to listen and to send. Throws CHAT_REJECTED, CHAT_UNAVAILABLE, CONFIG_INVALID. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { stores, logger, metrics, settings } = options;
  const slack = await connectSlack(options);
  await noteWorkspace(slack.identity, stores.notes);
  const queue = new BullmqDiagnosisQueue({ url: options.redisUrl, logger, prefix: settings.redis.prefix });
  const facts = { version: options.version, botName: slack.identity.botName };
  const followed = followSettings(options, facts);
  queue.open(followed.bot().clusters);
  const deps: BotDeps = {
    ...stores,
    queue,
    people: slack.people,
    alertmanagers: httpAlertmanagers(followed.servers),
    ...(options.changes === undefined ? {} : { remediations: options.changes }),
    clock: systemClock(),
    ids: hashedIds(),
    logger,
    metrics,
    settings: followed.bot,
  };
  const deliverer = createDeliverer({ rows: stores.outbox, chat: slack.chat, clock: deps.clock, logger, metrics });
  const removal = watchRemoval(createBot(deps), () => deliverer.stop());
  const app = openApp(options, slack, removal.bot);
  const watch = startWatch(deps);
  deliverer.start();
  const parts = { app, deliverer, watch, queue, outbox: stores.outbox };
  await startApp(parts);
  return {
    follow: (changed) => {
      followed.follow(changed);
      queue.open(followed.bot().clusters);
    },
    readiness: () => readinessOf(app, deliverer, removal.gone()),
    stopIntake: () => stopIntake(parts),
    stopSending: () => stopSending(parts),
  };
}

interface Followed {
  readonly bot: () => BotSettings;
  readonly servers: () => readonly AlertmanagerServer[];
  readonly follow: (changed: Settings) => void;
}

/** What holds of the settings now. */
function followSettings({ settings, service }: GatewayOptions, facts: Parameters<typeof botSettings>[1]): Followed {
  const read = (from: Settings) => ({
    bot: botSettings(from, facts),
    servers: alertmanagerServers(from, service.alertmanagerTokens),
  });
  let now = read(settings);
  return {
    bot: () => now.bot,
    servers: () => now.servers,
    follow: (changed) => {
      now = read(changed);
    },
  };
}

function openApp(options: GatewayOptions, slack: SlackSide, bot: Bot): SlackApp {
  return createSlackApp({
    bot,
    outbox: options.stores.outbox,
    chat: slack.chat,
    client: slack.quickClient,
    postResponse: slack.postResponse,
    identity: slack.identity,
    layouts: slack.layouts,
    receiver: openReceiver(options),
    connection: slack.connection,
    command: options.settings.slack.command,
    drainMs: DRAIN_MS,
  });
}

function startWatch(deps: BotDeps): Repeating {
  const expirySeconds = (): number => deps.settings().questionExpirySeconds;
  const repairs = (cluster: string, finding: Finding): boolean => {
    const { remediation } = deps.settings();
    return remediation !== undefined && canRepair(remediation.policy, cluster, finding);
  };
  return repeat(
    () => watchUnanswered({ ...deps, expirySeconds, canRepair: repairs }),
    WATCH_MS,
    // The connection itself reports its outages.
    (error) => deps.logger.debug('questions without an answer could not be looked at', { error }),
  );
}

function readinessOf(app: SlackApp, deliverer: Deliverer, gone: string | undefined): readonly Readiness[] {
  if (gone !== undefined) {
    return [{ name: 'slack', ok: false, detail: `${gone} Install it again and restart Kubewhy.` }];
  }
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
  readonly outbox: OutboxRows;
}

/** Closes everything again when it cannot start. */
async function startApp(parts: GatewayParts): Promise<void> {
  try {
    await parts.app.start();
  } catch (error) {
    await stopIntake(parts);
    await stopSending(parts);
    throw error;
  }
}

/** What was accepted last is still queued. */
async function stopIntake({ app, watch, queue }: GatewayParts): Promise<void> {
  await Promise.all([app.stop(), watch.stop()]);
  await queue.close();
}

async function stopSending({ deliverer, outbox }: GatewayParts): Promise<void> {
  const until = performance.now() + FLUSH_MS;
  while (performance.now() < until && (await waiting(outbox)) > 0) {
    await setTimeout(FLUSH_STEP_MS);
  }
  await deliverer.stop();
}

/** A store that does not answer has nothing that could be sent. */
async function waiting(outbox: OutboxRows): Promise<number> {
  const backlog = await outbox.backlog().catch(() => undefined);
  return backlog?.waiting ?? 0;
}
