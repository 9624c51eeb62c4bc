import { usageError } from '../core/command/usage-error.ts';
import { provideRedis } from '../sim/redis/provide-redis.ts';
import { programRunner } from '../sim/redis/run-program.ts';
import type { PrivateRedis } from '../sim/redis/start-redis.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { candidatePorts, freePort } from './try/free-port.ts';
import { openBrowser } from './try/open-browser.ts';
import { Running } from './try/running.ts';
import { startTryBot } from './try/start-try-bot.ts';
import { startTrySlack } from './try/start-try-slack.ts';
import { alertCommand, type TryAlerts, tryAlerts } from './try/try-alerts.ts';
import { openTryCluster, type TryCluster } from './try/try-cluster.ts';
import { wasToldToEnd } from './try/was-told-to-end.ts';

const USUAL_PORT = 4747;
/** Where `serve` takes alerts as well. */
const USUAL_ALERT_PORT = 9464;
const MOST_ALERT_PORTS = 10;

/**
 * `kubewhy try`: the bot with a private Redis, a stand-in for Slack with its page, and a cluster or recordings, until
 * it is told to end. Everything that it started ends with it.
 */
export async function runTry(context: CommandContext): Promise<number> {
  const running = new Running();
  const ended = wasToldToEnd();
  try {
    const outcome = await Promise.race([startAll(context, running), ended]);
    if (outcome !== 'started') {
      return typeof outcome === 'number' ? outcome : outcome.code;
    }
    return (await ended).code;
  } finally {
    await running.stop();
  }
}

/** `started`, or the exit code of a start that cannot be. */
async function startAll(context: CommandContext, running: Running): Promise<'started' | number> {
  const { line, output, config } = context;
  const port = wantedPort(line.options.value('port'));
  const redis = await startRedis(context, running);
  if (redis === undefined) {
    return EXIT.unreachable;
  }
  const cluster = await output.waiting('looking for a cluster …', () => openTryCluster(context, redis.folder));
  running.add(cluster.stop);
  const alertPort = await freePort(candidatePorts(port === 0 ? 0 : USUAL_ALERT_PORT, MOST_ALERT_PORTS));
  const alerts = tryAlerts(alertPort, cluster.recorded);
  const slack = await startTrySlack(port, { cluster, alerts });
  running.add(() => slack.close());
  const parts = { context, redis, slack, cluster, alerts };
  const bot = await output.waiting('starting the bot …', () => startTryBot(parts));
  running.add(() => bot.stop());
  running.add(alerts.stop);
  alerts.open();
  output.print(welcome(slack.url, cluster, alerts));
  if (!line.options.has('no-open')) {
    await openBrowser(slack.url, config.inherited);
  }
  return 'started';
}

/** Undefined, after saying what to install, when there is no server. */
async function startRedis({ config, output }: CommandContext, running: Running): Promise<PrivateRedis | undefined> {
  const provided = await provideRedis({
    environment: config.inherited,
    run: programRunner(config.inherited),
    isRoot: process.getuid?.() === 0,
    say: (text) => output.note(`kubewhy: ${text}`),
  });
  if (provided.kind === 'missing') {
    output.note(`kubewhy: ${provided.advice}`);
    return undefined;
  }
  running.add(() => provided.redis.stop());
  return provided.redis;
}

function wantedPort(text: string | undefined): number {
  if (text === undefined) {
    return USUAL_PORT;
  }
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw usageError('--port needs a number from 0 to 65535; 0 takes any free port.', 'try');
  }
  return Number(text);
}

function welcome(url: string, cluster: TryCluster, alerts: TryAlerts): string {
  const { banner, suggestions } = cluster;
  const commands = suggestions.map((command) => `  ${command}`);
  return [
    `Kubewhy can be tried at ${url}`,
    banner,
    '',
    'Things to type there:',
    ...commands,
    '',
    ...changeHint(cluster),
    'Alerts for it, as Alertmanager posts them:',
    `  ${alertCommand(alerts)}`,
    '',
    'Ctrl-C stops everything.',
  ].join('\n');
}

/** Nobody approves what they asked for. */
function changeHint({ executor }: TryCluster): readonly string[] {
  return executor === undefined
    ? []
    : [
        'Changes: press "Review fix" below an answer, and approve it in a second window',
        '(the link below on the left).',
        '',
      ];
}
