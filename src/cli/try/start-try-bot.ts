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
import type { TryAlerts } from './try-alerts.ts';
import { tryRemediation } from './try-changes.ts';
import type { TryCluster } from './try-cluster.ts';
import { tryLogger } from './try-logger.ts';

/** What the bot works with. */
export interface TryBotParts {
  readonly context: CommandContext;
  readonly redis: PrivateRedis;
  readonly slack: SlackSim;
  readonly cluster: TryCluster;
  readonly alerts: TryAlerts;
}

/** Starts the real bot with all its roles in this process. */
export async function startTryBot({ context, redis, slack, cluster, alerts }: TryBotParts): Promise<RunningBot> {
  const { startBot } = await import('../../app/bot/start-bot.ts');
  const { VERSION } = await import('../../app/version.ts');
  const { config, output, line } = context;
  return startBot({
    role: 'all',
    settings: trySettings(slack, cluster, alerts),
    service: tryService(redis, slack, alerts),
    config,
    logger: tryLogger(output, line.options.has('verbose')),
    version: VERSION,
    internalHost: '127.0.0.1',
  });
}

function tryService(redis: PrivateRedis, slack: SlackSim, { token, port }: TryAlerts): ServiceConfig {
  return {
    slack: {
      botToken: new Secret(slack.botToken),
      appToken: new Secret(slack.appToken),
      signingSecrets: [new Secret(randomBytes(16).toString('hex'))],
      apiUrl: slack.apiUrl,
    },
    redisUrl: new Secret(redis.url),
    alertTokens: [{ sender: 'try', token: new Secret(token) }],
    alertmanagerTokens: [],
    signingKey: new Secret(randomBytes(32).toString('hex')),
    role: 'all',
    logLevel: 'warn',
    internalPort: port,
  };
}

/** Everybody at the page may ask about everything: it is their own machine and their own rights. */
function trySettings(slack: SlackSim, cluster: TryCluster, alerts: TryAlerts): Settings {
  const { name, kubeconfig, context, executor, storm, namespace, banner } = cluster;
  const channels = Object.values(slack.channels).filter(({ kind }) => kind !== 'im');
  const result = parseSettings({
    clusters: [
      {
        name,
        default: true,
        description: banner.slice(0, 200),
        ...(kubeconfig === undefined ? {} : { kubeconfig }),
        ...(context === undefined ? {} : { context }),
        ...(executor === undefined ? {} : { executor: { kubeconfig: executor } }),
      },
      ...(storm === undefined ? [] : [storm]),
    ],
    slack: { mode: 'socket', connections: 1 },
    channels: [...channels.map(({ id }) => id), 'direct'].map((id) => ({ id, namespace })),
    reading: [{ channels: [...channels.map(({ id }) => id), 'direct'], namespaces: ['*'] }],
    alerts: { channel: alerts.channel, senders: [{ name: 'try', cluster: name }] },
    ...(executor === undefined ? {} : { remediation: tryRemediation(name, slack) }),
  });
  if (result.kind === 'invalid') {
    throw new KubewhyError('BUG', {
      message: `The settings of the try page are not valid: ${JSON.stringify(result.problems)}`,
    });
  }
  return result.settings;
}
