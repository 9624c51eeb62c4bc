import { expect, vi } from 'vitest';
import { createLayoutMemory } from '../../src/adapters/slack/layout-memory.ts';
import type { HttpSlackReceiver } from '../../src/adapters/slack/receivers/http-receiver.ts';
import { createHttpReceiver } from '../../src/adapters/slack/receivers/http-receiver.ts';
import { createReplayGuard } from '../../src/adapters/slack/receivers/replay-guard.ts';
import type { SlackReceiver } from '../../src/adapters/slack/receivers/slack-receiver.ts';
import { createSocketReceiver } from '../../src/adapters/slack/receivers/socket-receiver.ts';
import { createPostResponse } from '../../src/adapters/slack/response-url.ts';
import { createSlackApp, type SlackApp } from '../../src/adapters/slack/slack-app.ts';
import { createSlackChat } from '../../src/adapters/slack/slack-chat.ts';
import { createSlackClient, type SlackConnection } from '../../src/adapters/slack/slack-client.ts';
import { createSlackFetch } from '../../src/adapters/slack/slack-fetch.ts';
import { identifyBot } from '../../src/adapters/slack/slack-identity.ts';
import type { Chat } from '../../src/ports/chat.ts';
import type { SlackSimOptions } from '../../src/sim/slack/options.ts';
import { startSlackSim } from '../../src/sim/slack/slack-sim.ts';
import type { SlackSim } from '../../src/sim/slack/slack-sim-types.ts';
import { FakeBot, SpyMetrics } from '../adapters/slack/fakes.ts';
import { FakeNoteStore } from '../fakes/fake-note-store.ts';
import { FakeOutbox } from '../fakes/fake-outbox.ts';
import { FakeSeenStore } from '../fakes/fake-seen-store.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';

/** What a bench differs in. */
export interface BenchOptions {
  readonly transport?: 'http' | 'socket';
  readonly sim?: SlackSimOptions;
  readonly signingSecrets?: readonly string[];
  /** Of calls of the Web API. */
  readonly timeoutMs?: number;
  readonly drainMs?: number;
}

/** The real adapter between the stand-in for Slack and a bot that keeps its calls. */
export interface SlackBench {
  readonly slack: SlackSim;
  readonly app: SlackApp;
  readonly bot: FakeBot;
  readonly chat: Chat;
  readonly outbox: FakeOutbox;
  readonly notes: FakeNoteStore;
  readonly seen: FakeSeenStore;
  readonly logger: RecordingLogger;
  readonly metrics: SpyMetrics;
  close(): Promise<void>;
}

/** Waits until something holds that the stand-in does not see. */
export async function until(holds: () => boolean): Promise<void> {
  await vi.waitFor(() => expect(holds()).toBe(true), { timeout: 5000, interval: 5 });
}

const CLOCK = { now: () => new Date() };

/** Starts the stand-in and the app, connected by signed HTTP or Socket Mode. */
export async function startSlackBench(options: BenchOptions = {}): Promise<SlackBench> {
  const transport = options.transport ?? 'http';
  const slack = await startSlackSim({ transport, rateLimits: 'off', ...options.sim });
  const logger = new RecordingLogger();
  const metrics = new SpyMetrics();
  const connection: SlackConnection = { apiUrl: slack.apiUrl, timeoutMs: options.timeoutMs ?? 2000, logger, metrics };
  const bot = new FakeBot();
  const outbox = new FakeOutbox(CLOCK);
  const notes = new FakeNoteStore(CLOCK);
  const seen = new FakeSeenStore(CLOCK);
  const client = createSlackClient(slack.botToken, connection);
  const identity = await identifyBot(client);
  const postResponse = createPostResponse({ apiUrl: slack.apiUrl, timeoutMs: 2000, metrics });
  const chat = createSlackChat({
    client,
    postResponse,
    upload: createSlackFetch(2000),
    apiUrl: slack.apiUrl,
    layouts: createLayoutMemory(notes, logger),
    metrics,
    command: '/k8s',
    botUser: identity.botUser,
  });
  const receiver = receiverOf(transport, { slack, connection, seen, secrets: options.signingSecrets });
  const app = createSlackApp({
    identity,
    chat,
    client,
    postResponse,
    bot,
    outbox,
    receiver,
    connection,
    command: '/k8s',
    ...(options.drainMs === undefined ? {} : { drainMs: options.drainMs }),
  });
  await app.start();
  if ('port' in receiver) {
    slack.setRequestUrl(`http://127.0.0.1:${receiver.port()}`);
  }
  return {
    slack,
    app,
    bot,
    chat,
    outbox,
    notes,
    seen,
    logger,
    metrics,
    async close() {
      await app.stop();
      await slack.close();
    },
  };
}

interface ReceiverParts {
  readonly slack: SlackSim;
  readonly connection: SlackConnection;
  readonly seen: FakeSeenStore;
  readonly secrets: readonly string[] | undefined;
}

function receiverOf(transport: 'http' | 'socket', parts: ReceiverParts): SlackReceiver | HttpSlackReceiver {
  const { slack, connection, seen, secrets } = parts;
  const { logger, metrics } = connection;
  if (transport === 'socket') {
    return createSocketReceiver({ appToken: slack.appToken, connection, helloMs: 3000, retryMs: 50 });
  }
  return createHttpReceiver({
    port: 0,
    host: '127.0.0.1',
    signingSecrets: secrets ?? [slack.signingSecret],
    replays: createReplayGuard({ seen, logger }),
    logger,
    metrics,
  });
}
