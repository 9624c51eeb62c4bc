import { BullmqDiagnosisWorker } from '../../adapters/bullmq/bullmq-diagnosis-worker.ts';
import type { Cluster } from '../../adapters/kubernetes/kubernetes-cluster.ts';
import { systemClock } from '../../adapters/system/system-clock.ts';
import type { Config } from '../../config/config.ts';
import type { ClusterSettings, Settings } from '../../config/settings.ts';
import { resourceOf } from '../../core/subject/kinds.ts';
import type { DiagnosisWorker } from '../../ports/diagnosis-worker.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { answerQuestion, type LoadedPlaybooks } from '../../usecases/answer-question.ts';
import { redactedReader } from '../../usecases/redacted-reader.ts';
import { openChosenCluster } from '../open-cluster.ts';
import { type Repeating, repeat } from './repeat.ts';
import type { Stores } from './stores.ts';

/** What a diagnoser works with. */
export interface DiagnoserOptions {
  readonly redisUrl: string;
  readonly settings: Settings;
  readonly config: Config;
  readonly stores: Stores;
  readonly playbooks: () => Promise<LoadedPlaybooks>;
  /** Seconds from the beginning of a run after which it is not diagnosed any more. */
  readonly expirySeconds: () => number;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Takes the questions of one cluster. */
export interface RunningDiagnoser {
  readonly cluster: string;
  isReady(): boolean;
  /** Lets running diagnoses end. */
  stop(): Promise<void>;
}

/** Well within the 60 s after which a cluster counts as silent. */
const HEARTBEAT_MS = 20_000;

/** Opens a cluster and answers its questions. Throws KUBECONFIG_INVALID. */
export async function startDiagnoser(choice: ClusterSettings, options: DiagnoserOptions): Promise<RunningDiagnoser> {
  const { stores, settings, playbooks, metrics } = options;
  const logger = options.logger.child({ cluster: choice.name });
  const cluster = await openChosenCluster({ context: choice.context, kubeconfig: choice.kubeconfig }, options.config, {
    interactive: false,
  });
  const deadlineMs = settings.limits.questionTimeoutSeconds * 1000;
  const deps = {
    questions: stores.questions,
    outbox: stores.outbox,
    openReader: async () => redactedReader(cluster.question({ deadlineMs })),
    playbooks,
    expirySeconds: options.expirySeconds,
    clock: systemClock(),
    logger,
    metrics,
  };
  const worker = new BullmqDiagnosisWorker({
    url: options.redisUrl,
    prefix: settings.redis.prefix,
    cluster: choice.name,
    concurrency: settings.limits.diagnoserConcurrency,
    logger,
    handle: (job) => answerQuestion(job, deps),
  });
  const heartbeat = repeat(
    () => report(choice.name, cluster, stores),
    HEARTBEAT_MS,
    (error) => logger.warn('the state of the cluster could not be reported', { error }),
  );
  return running(choice.name, { cluster, worker, heartbeat });
}

interface Parts {
  readonly cluster: Cluster;
  readonly worker: DiagnosisWorker;
  readonly heartbeat: Repeating;
}

function running(name: string, { cluster, worker, heartbeat }: Parts): RunningDiagnoser {
  return {
    cluster: name,
    isReady: () => worker.isReady(),
    async stop() {
      await Promise.all([worker.close(), heartbeat.stop()]);
      cluster.close();
    },
  };
}

/** One cheap read tells whether the API server answers; that it refuses is an answer too. */
async function report(name: string, cluster: Cluster, { clusters }: Stores): Promise<void> {
  const reader = cluster.question({ deadlineMs: 5000 });
  const result = await reader.get({ resource: resourceOf('Namespace'), name: 'default', metadataOnly: true });
  const silent = result.kind === 'unreadable' && result.why !== 'forbidden';
  await clusters.report({
    cluster: name,
    lastSeen: new Date().toISOString(),
    state: silent ? 'unreachable' : 'reachable',
    ...(silent ? { detail: result.message } : {}),
  });
}
