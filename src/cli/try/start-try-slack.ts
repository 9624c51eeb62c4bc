import { SLACK_SCOPES } from '../../core/chat/slack-scopes.ts';
import type { SlackSimOptions } from '../../sim/slack/options.ts';
import { startSlackSim } from '../../sim/slack/slack-sim.ts';
import type { SlackSim } from '../../sim/slack/slack-sim-types.ts';
import { candidatePorts } from './free-port.ts';
import { pageFolder } from './installation.ts';
import type { TryAlerts } from './try-alerts.ts';
import type { TryCluster } from './try-cluster.ts';
import { tryCompletion } from './try-completion.ts';

const COMMAND = {
  command: '/k8s',
  usage_hint: 'why <pod or workload> [-n namespace]',
  description: 'Why is it broken?',
};
const SHORTCUT = { callback_id: 'kubewhy_why', name: 'Why? (Kubewhy)' };
/** Ports that are tried, one after the other, before any free one. */
const MOST_PORTS = 5;

/** What the page is about. */
export interface TrySlackParts {
  readonly cluster: TryCluster;
  readonly alerts: TryAlerts;
}

/** Starts the stand-in with its page, on the port or, where that is taken, on another one. */
export async function startTrySlack(port: number, { cluster, alerts }: TrySlackParts): Promise<SlackSim> {
  const { banner, suggestions } = cluster;
  const options: SlackSimOptions = {
    transport: 'socket',
    scopes: SLACK_SCOPES.map(({ scope }) => scope),
    rateLimits: { scale: 10, channelBurst: 20 },
    page: {
      folder: pageFolder(),
      banner,
      suggestions,
      commands: [COMMAND],
      shortcuts: [SHORTCUT],
      complete: tryCompletion(cluster),
      stage: alerts.stage,
      transport: 'socket',
    },
  };
  for (const candidate of candidatePorts(port, MOST_PORTS)) {
    const slack = await startSlackSim({ ...options, port: candidate }).catch(unlessTaken);
    if (slack !== undefined) {
      return slack;
    }
  }
  return startSlackSim({ ...options, port: 0 });
}

function unlessTaken(error: unknown): undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'EADDRINUSE' && code !== 'EACCES') {
    throw error;
  }
}
