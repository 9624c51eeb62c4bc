import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kubeconfigText } from '../../src/sim/cluster/kubeconfig.ts';
import type { SlackChannel } from '../../src/sim/slack/world/world-types.ts';
import type { ChaosCluster } from './chaos-cluster.ts';
import { approverOf } from './people.ts';

/** Writes the settings of a bot with generous limits, and its kubeconfigs; returns the file. */
export async function writeSettings(
  home: string,
  url: string,
  { tokens, approvers: group }: ChaosCluster,
  channels: readonly SlackChannel[],
): Promise<string> {
  const reader = join(home, 'reader.kubeconfig');
  const executor = join(home, 'executor.kubeconfig');
  await writeFile(reader, kubeconfigText(url, tokens.reader, 'default'), { mode: 0o600 });
  await writeFile(executor, kubeconfigText(url, tokens.executor, 'default'), { mode: 0o600 });
  const approvers = channels.map((_, index) => approverOf(index));
  const ids = approvers.map(({ id }) => id);
  const document = {
    clusters: [{ name: 'prod', kubeconfig: reader, executor: { kubeconfig: executor } }],
    slack: { mode: 'socket' },
    reading: [{ channels: channels.map(({ id }) => id), namespaces: ['*'] }],
    limits: { questionsPerUserPerMinute: 1000 },
    remediation: {
      rules: [
        {
          name: 'everything',
          approvers: ids,
          owners: ids.slice(0, 1),
          actions: ['*'],
          tiers: ['T1', 'T2', 'T3'],
          namespaces: ['*'],
        },
      ],
      identities: approvers.map(({ id, name }) => ({ slack: id, user: name, groups: [group] })),
      operators: ids.slice(0, 1),
      upgrades: 'allow',
      limits: {
        perClusterHour: 100,
        perNamespaceHour: 100,
        perTargetMinutes: 1,
        perTargetDay: 100,
        inFlightPerNamespace: 20,
        inFlightPerCluster: 20,
      },
    },
  };
  const file = join(home, 'kubewhy.yaml');
  await writeFile(file, JSON.stringify(document));
  return file;
}
