import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { RedisAuditLog } from '../../src/adapters/redis/redis-audit-log.ts';
import { RedisConnection } from '../../src/adapters/redis/redis-connection.ts';
import { RedisRemediationStore } from '../../src/adapters/redis/redis-remediation-store.ts';
import { hmacSigner } from '../../src/adapters/system/hmac-signer.ts';
import { SLACK_SCOPES } from '../../src/core/chat/slack-scopes.ts';
import { startSlackSim } from '../../src/sim/slack/slack-sim.ts';
import type { SlackSim } from '../../src/sim/slack/slack-sim-types.ts';
import { USERS } from '../../src/sim/slack/world/default-world.ts';
import type { SlackChannel } from '../../src/sim/slack/world/world-types.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import type { LaneOptions } from './cell.ts';
import { type BotRole, type ChaosBot, startChaosBot } from './chaos-bot.ts';
import { type ChaosCluster, startSimCluster } from './chaos-cluster.ts';
import { type ChaosRedis, startChaosRedis } from './chaos-redis.ts';
import { Gates } from './gates.ts';
import { type ApiFault, type ApiRequest, type ApiSide, startApiWire } from './http-wire.ts';
import { approverOf, CHANNELS, channelOf } from './people.ts';
import { startRealCluster } from './real-cluster.ts';
import { startRedisWire } from './redis-wire.ts';
import { SlackGate } from './slack-gate.ts';
import { writeSettings } from './world-settings.ts';

/** An executor that is silent for so long lost its claim, in seconds. */
export const LEASE_SECONDS = 5;
const MOST_STARTS = 40;
const START_AGAIN_MS = 500;
const SIGNING_KEY = 'chaos-5f3b1c9a7e2d4086b1f0c3a95d7e82';

/** Everything around the bots of a lane. */
export interface ChaosWorld {
  readonly number: number;
  readonly slack: SlackSim;
  readonly slackGate: SlackGate;
  readonly redis: ChaosRedis;
  readonly cluster: ChaosCluster;
  readonly gates: Gates;
  readonly api: ApiSide & { faults: ((request: ApiRequest) => ApiFault | undefined)[] };
  readonly store: RedisRemediationStore;
  readonly audit: RedisAuditLog;
  readonly digest: (text: string) => string;
  readonly channels: readonly SlackChannel[];
  /** Secrets of the environment and of the cluster, which must be nowhere. */
  readonly canaries: readonly string[];
  /** Those that live, and those that were killed. */
  readonly bots: ChaosBot[];
  /** What must never be and was seen by nobody in particular. */
  readonly trouble: string[];
  /** Whether the API server failed since the executors were started. */
  sawStorm: boolean;
  /** Starts one, and again when it ends before it runs: without Redis none starts, and whoever runs it tries again. */
  start(role: BotRole): Promise<ChaosBot>;
  close(): Promise<void>;
}

/** Starts Slack, Redis and a cluster for a lane; no bot yet. */
export async function openChaosWorld(options: LaneOptions): Promise<ChaosWorld> {
  const { number, folder } = options;
  await mkdir(folder, { recursive: true });
  const canary = `Zq7${randomBytes(12).toString('hex')}`;
  const redis = await startChaosRedis();
  const approvers = Array.from({ length: CHANNELS }, (_, index) => approverOf(index));
  const channels = Array.from({ length: CHANNELS }, (_, index) => channelOf(index, approvers));
  const slack = await startSlackSim({
    transport: 'socket',
    scopes: SLACK_SCOPES.map(({ scope }) => scope),
    allowed: { mentions: [USERS.alice.id, ...approvers.map(({ id }) => id)] },
    world: { channels, users: approvers },
    // What the bot paces itself by is counted in Redis, and the test gives it more than a minute has.
    rateLimits: 'off',
    botToken: `xoxb-${canary}`,
  });
  const cluster =
    options.real === undefined
      ? await startSimCluster({ number, canary })
      : startRealCluster(options.real, { number, canary });
  const gates = new Gates();
  const faults: ChaosWorld['api']['faults'] = [];
  const api = {
    gates,
    upstream: cluster.upstream,
    effects: [],
    secret: canary,
    secretsRead: 0,
    suspicious: [],
    faults,
    fault: (request: ApiRequest) =>
      faults.reduce<ApiFault | undefined>((found, one) => found ?? one(request), undefined),
  };
  const own = await startRedisWire(redis.server.port, gates, redis.valve);
  const connection = new RedisConnection({ url: `redis://127.0.0.1:${own.port}`, logger: new RecordingLogger() });
  const signer = hmacSigner(SIGNING_KEY);
  const common = { redis: connection, logger: new RecordingLogger() };
  const digest = (text: string): string => signer.digest(text);
  const bots: ChaosBot[] = [];
  const trouble: string[] = [];
  const closers: (() => void)[] = [() => own.close()];
  let started = 0;
  const world: ChaosWorld = {
    number,
    slack,
    slackGate: new SlackGate(slack, gates),
    redis,
    cluster,
    gates,
    api,
    store: new RedisRemediationStore(common),
    audit: new RedisAuditLog({ ...common, digest }),
    digest,
    channels,
    canaries: [canary, SIGNING_KEY],
    bots,
    trouble,
    sawStorm: false,
    start: (role) => supervised(() => launch(role)),
    async close() {
      await Promise.all(bots.filter((bot) => bot.isAlive()).map((bot) => bot.kill()));
      closers.forEach((close) => close());
      connection.close();
      await Promise.all([slack.close(), cluster.close()]);
      await redis.stop();
    },
  };
  async function launch(role: BotRole): Promise<ChaosBot> {
    const name = `${role}-${started}`;
    started += 1;
    const home = join(folder, name);
    await mkdir(home);
    const [redisWire, apiWire] = await Promise.all([
      startRedisWire(redis.server.port, gates, redis.valve),
      startApiWire(api),
    ]);
    closers.push(
      () => redisWire.close(),
      () => apiWire.close(),
    );
    const settingsFile = await writeSettings(home, `http://127.0.0.1:${apiWire.port}`, cluster, channels);
    const bot = await startChaosBot({
      program: options.program,
      name,
      role,
      environment: {
        SLACK_BOT_TOKEN: slack.botToken,
        SLACK_APP_TOKEN: slack.appToken,
        SLACK_API_URL: slack.apiUrl,
        REDIS_URL: `redis://127.0.0.1:${redisWire.port}`,
        KUBEWHY_CONFIG: settingsFile,
        KUBEWHY_INTERNAL_PORT: '0',
        KUBEWHY_SIGNING_KEY: SIGNING_KEY,
        CHAOS_LEASE_SECONDS: String(LEASE_SECONDS),
        NODE_COMPILE_CACHE: join(folder, '..', 'compile-cache'),
      },
      logFile: join(home, 'log'),
      ended: (_, code) => trouble.push(`${name} ended by itself with ${code}: see ${join(home, 'log')}`),
    });
    redisWire.bot = bot;
    apiWire.bot = bot;
    bots.push(bot);
    return bot;
  }
  return world;
}

async function supervised(launch: () => Promise<ChaosBot>): Promise<ChaosBot> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await launch();
    } catch (error) {
      if (tries === MOST_STARTS) {
        throw error;
      }
      await pause(START_AGAIN_MS);
    }
  }
}
