import { join } from 'node:path';
import { isKubewhyError, KubewhyError } from '../../core/errors/kubewhy-error.ts';
import { resourceOf } from '../../core/subject/kinds.ts';
import { startClusterSim } from '../../sim/cluster/cluster-sim.ts';
import { massStart } from '../../sim/cluster/mass-start.ts';
import { EXECUTOR_USER } from '../../sim/cluster/users.ts';
import type { CommandContext } from '../context.ts';
import { type ClusterNames, clusterNames } from './cluster-names.ts';
import { STORM_CLUSTER } from './example-alerts.ts';
import { findBrokenPods } from './find-broken-pods.ts';
import { exampleFolders } from './installation.ts';
import { TRY_IDENTITIES } from './try-changes.ts';

/** The cluster that is asked: a real one, or recorded incidents behind the API of a cluster. */
export interface TryCluster {
  /** What people type after `-c`. */
  readonly name: string;
  /** It is no real one. */
  readonly recorded: boolean;
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  /** A second recorded cluster, in which nearly everything is broken, by its name. */
  readonly storm?: { readonly name: string; readonly kubeconfig: string };
  /** The kubeconfig of the account that makes changes; absent: nothing is changed. */
  readonly executor?: string;
  /** Meant when a question names none. */
  readonly namespace: string;
  /** Says which cluster it is. */
  readonly banner: string;
  /** Whole commands for a first-time visitor. */
  readonly suggestions: readonly string[];
  readonly names: ClusterNames;
  readonly stop: () => Promise<void>;
}

interface Chosen {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

/** How long a cluster may take to say that it is there. */
const REACH_MS = 3000;
const SUGGESTIONS = 3;
const HELP = '/k8s help';
const RECORDED = 'Three recorded incidents, no cluster: their objects are served by a stand-in on this machine.';

/**
 * The cluster of the kubeconfig, if it answers; otherwise the recorded incidents, whose kubeconfig is written into the
 * folder. Throws KUBECONFIG_INVALID and CLUSTER_UNREACHABLE only for a cluster that was asked for.
 */
export async function openTryCluster(context: CommandContext, folder: string): Promise<TryCluster> {
  const { options } = context.line;
  const chosen = { kubeconfig: options.value('kubeconfig'), context: options.value('context') };
  const demanded = chosen.kubeconfig !== undefined || chosen.context !== undefined;
  if (options.has('recorded')) {
    return openRecorded(context, folder);
  }
  try {
    return await openReal(context, chosen);
  } catch (error) {
    if (demanded || !isKubewhyError(error)) {
      throw error;
    }
    if (error.code === 'CLUSTER_UNREACHABLE') {
      context.output.note(`kubewhy: ${error.message} Using recorded incidents instead.`);
    }
    return openRecorded(context, folder);
  }
}

async function openReal({ config }: CommandContext, chosen: Chosen): Promise<TryCluster> {
  const { openChosenCluster } = await import('../../app/open-cluster.ts');
  const cluster = await openChosenCluster(chosen, config, { interactive: false, pluginTimeoutMs: REACH_MS });
  const timing = { deadlineMs: REACH_MS, requestTimeoutMs: REACH_MS };
  const version = await cluster.review(timing).version();
  if (version.kind === 'unreadable' && version.why !== 'forbidden') {
    cluster.close();
    throw new KubewhyError('CLUSTER_UNREACHABLE', {
      message: `The kubeconfig context ${cluster.context} does not answer: ${version.message}.`,
    });
  }
  const broken = await findBrokenPods(cluster.question(timing), SUGGESTIONS);
  return {
    name: 'current',
    recorded: false,
    ...chosen,
    namespace: cluster.namespace,
    banner: `Your current kubeconfig context ${cluster.context}, read only.`,
    suggestions: broken.length === 0 ? [HELP] : broken,
    names: clusterNames(() => cluster.question(timing)),
    stop: async () => cluster.close(),
  };
}

async function openRecorded({ config }: CommandContext, folder: string): Promise<TryCluster> {
  const examples = exampleFolders();
  const sim = await startClusterSim({ recordings: examples, identities: TRY_IDENTITIES });
  // A storm stops changes in its whole cluster.
  const storm = await startClusterSim({ recordings: [massStart()] });
  const stormFile = join(folder, 'storm.kubeconfig');
  await storm.writeKubeconfig(stormFile);
  const [kubeconfig, executor] = [join(folder, 'kubeconfig'), join(folder, 'executor.kubeconfig')];
  await sim.writeKubeconfig(kubeconfig);
  await sim.writeKubeconfig(executor, EXECUTOR_USER.token);
  const { openChosenCluster } = await import('../../app/open-cluster.ts');
  const cluster = await openChosenCluster({ kubeconfig }, config, { interactive: false });
  return {
    name: 'recorded',
    recorded: true,
    kubeconfig,
    executor,
    storm: { name: STORM_CLUSTER, kubeconfig: stormFile },
    namespace: cluster.namespace,
    banner: RECORDED,
    suggestions: sim
      .subjects()
      .slice(0, examples.length)
      .map(({ text }) => `/k8s why ${text}`),
    names: clusterNames(() => cluster.question({ deadlineMs: REACH_MS })),
    stop: async () => {
      cluster.close();
      await Promise.all([sim.close(), storm.close()]);
    },
  };
}

/** The namespaces of a cluster. */
export function namespacesOf({ names }: TryCluster): Promise<readonly string[]> {
  return names(resourceOf('Namespace'));
}
