import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BotOptions, type RunningBot, startBot } from '../../src/app/bot/start-bot.ts';
import { parseConfig } from '../../src/config/config.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { parseServiceConfig } from '../../src/config/service-config.ts';
import type { Settings } from '../../src/config/settings.ts';
import { SLACK_SCOPES } from '../../src/core/chat/slack-scopes.ts';
import type { Recording } from '../../src/core/recording/recording.ts';
import { type ClusterSim, type ClusterSimOptions, startClusterSim } from '../../src/sim/cluster/cluster-sim.ts';
import { EXECUTOR_USER } from '../../src/sim/cluster/users.ts';
import type { SlackSimOptions } from '../../src/sim/slack/options.ts';
import { startSlackSim } from '../../src/sim/slack/slack-sim.ts';
import type { SlackSim } from '../../src/sim/slack/slack-sim-types.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { freePort, type RedisTestOptions, startRedis, type TestRedis } from '../redis/start-redis.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');

type SettingsChanges = Readonly<Record<string, unknown>>;

/** What a world may differ in. */
export interface BotWorldOptions {
  readonly slack?: SlackSimOptions;
  readonly mode?: 'socket' | 'http';
  /** Changes the settings as they are written in kubewhy.yaml; may name channels. */
  readonly settings?: SettingsChanges | ((channels: SlackSim['channels']) => SettingsChanges);
  /** Further variables. */
  readonly environment?: Readonly<Record<string, string>>;
  /** A kubeconfig file instead of the simulated cluster. */
  readonly kubeconfig?: string;
  /** The same for the account that makes changes. */
  readonly executorKubeconfig?: string;
  /** In the simulated cluster, instead of the examples. */
  readonly recordings?: readonly (string | Recording)[];
  /** How the simulated cluster answers to writes. */
  readonly controllers?: ClusterSimOptions['controllers'];
  readonly redis?: RedisTestOptions;
}

/** Everything around a bot: Slack, Redis and a cluster. */
export interface BotWorld {
  readonly slack: SlackSim;
  readonly redis: TestRedis;
  readonly cluster: ClusterSim;
  readonly logger: RecordingLogger;
  /** What a bot is started with, for a process of its own as well. */
  readonly environment: Readonly<Record<string, string>>;
  readonly settings: Settings;
  /** They as they are written in the file that KUBEWHY_CONFIG names. */
  readonly document: SettingsChanges;
  /** Starts a bot of this world; it is stopped with it. */
  start(changes?: Partial<BotOptions>): Promise<RunningBot>;
  close(): Promise<void>;
}

/** Starts Slack, Redis and the cluster of the examples; no bot yet. */
export async function openBotWorld(options: BotWorldOptions = {}): Promise<BotWorld> {
  const mode = options.mode ?? 'socket';
  const folder = await mkdtemp(join(tmpdir(), 'kubewhy-world-'));
  const redis = await startRedis({ appendfsync: 'always', ...options.redis });
  const port = await freePort();
  const slack = await startSlackSim({
    transport: mode,
    scopes: SLACK_SCOPES.map(({ scope }) => scope),
    requestUrl: `http://127.0.0.1:${port}`,
    allowed: { mentions: ['U0ALICE01', 'U0BOB0001'] },
    ...options.slack,
  });
  const cluster = await startClusterSim({
    recordings:
      options.recordings ??
      (await readdir(EXAMPLES)).filter((name) => name.startsWith('incident-')).map((name) => join(EXAMPLES, name)),
    ...(options.controllers === undefined ? {} : { controllers: options.controllers }),
  });
  const kubeconfig = options.kubeconfig ?? join(folder, 'kubeconfig');
  if (options.kubeconfig === undefined) {
    await cluster.writeKubeconfig(kubeconfig);
  }
  const executor = options.executorKubeconfig ?? join(folder, 'executor.kubeconfig');
  if (options.executorKubeconfig === undefined) {
    await cluster.writeKubeconfig(executor, EXECUTOR_USER.token);
  }
  const { settings: given } = options;
  const changes = typeof given === 'function' ? given(slack.channels) : given;
  const document = settingsDocument({ slack, kubeconfig, executor, mode, port }, changes);
  const settingsFile = join(folder, 'kubewhy.yaml');
  await writeFile(settingsFile, JSON.stringify(document));
  const environment = { ...environmentOf(slack, redis, settingsFile), ...options.environment };
  const logger = new RecordingLogger();
  const bots: RunningBot[] = [];
  const settings = settingsOf(document);
  return {
    slack,
    redis,
    cluster,
    logger,
    environment,
    settings,
    document,
    async start(changes = {}) {
      const bot = await startBot({
        role: 'all',
        settings,
        service: parseServiceConfig(environment, () => ''),
        config: parseConfig(environment),
        logger,
        version: '0.0.0',
        internalHost: '127.0.0.1',
        ...changes,
      });
      bots.push(bot);
      return bot;
    },
    async close() {
      await Promise.all(bots.map((bot) => bot.stop()));
      await Promise.all([slack.close(), cluster.close()]);
      await redis.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Place {
  readonly slack: SlackSim;
  readonly kubeconfig: string;
  readonly executor: string;
  readonly mode: 'socket' | 'http';
  readonly port: number;
}

function settingsDocument(
  { slack, kubeconfig, executor, mode, port }: Place,
  changes: Readonly<Record<string, unknown>> = {},
) {
  const { ops, shopAlerts, random } = slack.channels;
  return {
    clusters: [{ name: 'prod', kubeconfig, executor: { kubeconfig: executor } }],
    slack: { mode, port, host: '127.0.0.1' },
    channels: [{ id: ops.id, namespace: 'shop' }],
    reading: [{ channels: [ops.id, shopAlerts.id, random.id, 'direct'], namespaces: ['*'] }],
    limits: { questionsPerUserPerMinute: 1000 },
    ...changes,
  };
}

function settingsOf(document: unknown): Settings {
  const result = parseSettings(document);
  if (result.kind === 'invalid') {
    throw new Error(JSON.stringify(result.problems));
  }
  return result.settings;
}

function environmentOf(slack: SlackSim, redis: TestRedis, settingsFile: string): Readonly<Record<string, string>> {
  return {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
    REDIS_URL: redis.url,
    KUBEWHY_CONFIG: settingsFile,
    KUBEWHY_INTERNAL_PORT: '0',
  };
}
