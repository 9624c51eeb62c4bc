import { randomBytes } from 'node:crypto';
import type { RunningBot } from '../../app/bot/start-bot.ts';
import { parseSettings } from '../../config/parse-settings.ts';
import { Secret } from '../../config/secret.ts';
import type { ServiceConfig } from '../../config/service-config.ts';
import type { Settings } from '../../config/settings.ts';
import { KubewhyError } from '../../core/errors/kubewhy-error.ts';
import type { PrivateRedis } from '../../sim/redis/start-redis.ts';
import type { SlackSim } from '../../sim/slack/slack-sim-types.ts';
import type { CommandContext } from '../context.ts';
import type { TryCluster } from './try-cluster.ts';
import { tryLogger } from './try-logger.ts';

/** What the bot works with. */
export interface TryBotParts {
  readonly context: CommandContext;
  readonly redis: PrivateRedis;
  readonly slack: SlackSim;
  readonly cluster: TryCluster;
}

/** Starts the real bot with all its roles in this process. */
export async function startTryBot({ context, redis, slack, cluster }: TryBotParts): Promise<RunningBot> {
  const { startBot } = await import('../../app/bot/start-bot.ts');
  const { VERSION } = await import('../../app/version.ts');
  const { config, output, line } = context;
  return startBot({
    role: 'all',
    settings: trySettings(slack, cluster),
    service: tryService(redis, slack),
    config,
    logger: tryLogger(output, line.options.has('verbose')),
    version: VERSION,
    internalHost: '127.0.0.1',
  });
}

function tryService(redis: PrivateRedis, slack: SlackSim): ServiceConfig {
  return {
    slack: {
      botToken: new Secret(slack.botToken),
      appToken: new Secret(slack.appToken),
      signingSecrets: [new Secret(randomBytes(16).toString('hex'))],
      apiUrl: slack.apiUrl,
    },
    redisUrl: new Secret(redis.url),
    alertTokens: [],
    role: 'all',
    logLevel: 'warn',
    internalPort: 0,
  };
}

/** Everybody at the page may ask about everything: it is their own machine and their own rights. */
function trySettings(slack: SlackSim, { name, kubeconfig, context, namespace, banner }: TryCluster): Settings {
  const channels = Object.values(slack.channels).filter(({ kind }) => kind !== 'im');
  const result = parseSettings({
    clusters: [
      {
        name,
        default: true,
        description: banner.slice(0, 200),
        ...(kubeconfig === undefined ? {} : { kubeconfig }),
        ...(context === undefined ? {} : { context }),
      },
    ],
    slack: { mode: 'socket', connections: 1 },
    channels: [...channels.map(({ id }) => id), 'direct'].map((id) => ({ id, namespace })),
    reading: [{ channels: [...channels.map(({ id }) => id), 'direct'], namespaces: ['*'] }],
  });
  if (result.kind === 'invalid') {
    throw new KubewhyError('BUG', {
      message: `The settings of the try page are not valid: ${JSON.stringify(result.problems)}`,
    });
  }
  return result.settings;
}
