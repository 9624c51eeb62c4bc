import { systemClock } from '../adapters/system/system-clock.ts';
import type { Config } from '../config/config.ts';
import type { Settings } from '../config/settings.ts';
import { didYouMean, quoted } from '../core/command/usage-error.ts';
import { KubewhyError } from '../core/errors/kubewhy-error.ts';
import { listWords } from '../core/facts/text.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClusterReader } from '../ports/cluster-reader.ts';
import { redactedReader } from '../usecases/redacted-reader.ts';
import { type ClusterChoice, openChosenCluster } from './open-cluster.ts';
import { openRecording } from './open-recording.ts';

/** Where alerts are diagnosed. */
export interface AlertClusterChoice extends ClusterChoice {
  /** A folder with a recording. */
  readonly from?: string | undefined;
  /** A cluster of the settings. */
  readonly cluster?: string | undefined;
}

/** A cluster of which many questions are asked. */
export interface AlertCluster {
  readonly openReader: () => ClusterReader;
  readonly clock: Clock;
  readonly close: () => void;
}

/** Opens the recording or cluster of the command line; undefined when it names none. Throws CLUSTER_UNKNOWN, KUBECONFIG_INVALID, RECORDING_INVALID. */
export async function openAlertCluster(
  choice: AlertClusterChoice,
  settings: Settings,
  config: Config,
): Promise<AlertCluster | undefined> {
  if (choice.from !== undefined) {
    const { cluster, clock } = await openRecording(choice.from);
    return { openReader: () => cluster, clock, close: () => undefined };
  }
  const named = choice.cluster === undefined ? undefined : clusterOf(choice.cluster, settings);
  const context = choice.context ?? named?.context;
  const kubeconfig = choice.kubeconfig ?? named?.kubeconfig;
  if (named === undefined && context === undefined && kubeconfig === undefined) {
    return undefined;
  }
  const cluster = await openChosenCluster({ context, kubeconfig }, config, { interactive: process.stdin.isTTY });
  return {
    openReader: () => redactedReader(cluster.question()),
    clock: systemClock(),
    close: () => cluster.close(),
  };
}

function clusterOf(name: string, { clusters }: Settings): ClusterChoice {
  const found = clusters.find((cluster) => cluster.name === name);
  if (found === undefined) {
    const known = clusters.map((cluster) => cluster.name);
    throw new KubewhyError('CLUSTER_UNKNOWN', {
      message: `There is no cluster ${quoted(name)} in the settings; there is ${listWords(known)}.${didYouMean(name, known)}`,
    });
  }
  return { context: found.context, kubeconfig: found.kubeconfig };
}
