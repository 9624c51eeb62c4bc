import { BullmqDiagnosisWorker } from '../../adapters/bullmq/bullmq-diagnosis-worker.ts';
import type { Cluster } from '../../adapters/kubernetes/kubernetes-cluster.ts';
import { systemClock } from '../../adapters/system/system-clock.ts';
import type { Config } from '../../config/config.ts';
import type { ClusterSettings, Settings } from '../../config/settings.ts';
import { resourceOf } from '../../core/subject/kinds.ts';
import type { DiagnosisWorker } from '../../ports/diagnosis-worker.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { type AnswerDeps, answerQuestion } from '../../usecases/answer-question.ts';
import type { LoadedPlaybooks } from '../../usecases/find-outcome.ts';
import { redactedReader } from '../../usecases/redacted-reader.ts';
import { withRunbook } from '../../usecases/runbook-reader.ts';
import type { Triage } from '../../usecases/triage/triage-worker.ts';
import { openChosenCluster } from '../open-cluster.ts';
import type { ClusterPart } from './cluster-set.ts';
import { type RunningPodWatch, startPodWatch } from './pod-watch.ts';
import { canRepair, remediationPolicy } from './remediation-rules.ts';
import { type Repeating, repeat } from './repeat.ts';
import { openRunbook } from './runbook.ts';
import { silentTimes } from './silent-times.ts';
import type { Stores } from './stores.ts';
import { startClusterTriage } from './triage.ts';

/** What a diagnoser works with. */
export interface DiagnoserOptions {
  readonly redisUrl: string;
  readonly settings: Settings;
  readonly config: Config;
  readonly stores: Stores;
  readonly playbooks: () => Promise<LoadedPlaybooks>;
  /** What the settings say by now; `settings` is what it was started with. */
  readonly current: () => Settings;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** How long a minute between two looks at an incident is; tests shorten it. */
  readonly lookMinuteMs?: number;
  /** After which time it counts as silent; tests shorten it. */
  readonly silentAfterMs?: number;
}

/** Takes the questions of one cluster. */
export type RunningDiagnoser = ClusterPart;

/** Opens a cluster and answers its questions. Throws KUBECONFIG_INVALID. */
export async function startDiagnoser(choice: ClusterSettings, options: DiagnoserOptions): Promise<RunningDiagnoser> {
  const { stores, settings, playbooks, metrics, lookMinuteMs } = options;
  const logger = options.logger.child({ cluster: choice.name });
  const cluster = await openChosenCluster({ context: choice.context, kubeconfig: choice.kubeconfig }, options.config, {
    interactive: false,
  });
  const deps = answerDeps(choice.name, cluster, { ...options, logger });
  const worker = new BullmqDiagnosisWorker({
    url: options.redisUrl,
    prefix: settings.redis.prefix,
    cluster: choice.name,
    concurrency: settings.limits.diagnoserConcurrency,
    logger,
    handle: (job) => answerQuestion(job, deps),
  });
  const triage = startClusterTriage(
    choice.name,
    { kind: 'cluster', openReader: deps.openReader, playbooks },
    { stores, settings: options.current, logger, metrics, ...(lookMinuteMs !== undefined && { lookMinuteMs }) },
  );
  const { watchPods } = cluster;
  const pods = startPodWatch(choice.name, { watchPods, stores, current: options.current, logger });
  const heartbeat = repeat(
    () => report(choice.name, cluster, stores),
    silentTimes(options.silentAfterMs).heartbeatMs,
    (error) => logger.warn('the state of the cluster could not be reported', { error }),
  );
  return running(choice.name, { cluster, worker, heartbeat, triage, pods });
}

function answerDeps(name: string, cluster: Cluster, options: DiagnoserOptions): AnswerDeps {
  const { stores, settings, playbooks, current, logger, metrics } = options;
  const deadlineMs = settings.limits.questionTimeoutSeconds * 1000;
  const runbook = openRunbook(name, { cluster, settings, logger });
  return {
    questions: stores.questions,
    outbox: stores.outbox,
    openReader: async () => redactedReader(withRunbook(cluster.question({ deadlineMs }), runbook)),
    playbooks,
    canRepair: (of, finding) => canRepair(remediationPolicy(current()), of, finding),
    expirySeconds: () => current().limits.questionExpirySeconds,
    clock: systemClock(),
    logger,
    metrics,
  };
}

interface Parts {
  readonly cluster: Cluster;
  readonly worker: DiagnosisWorker;
  readonly heartbeat: Repeating;
  readonly triage: Triage;
  readonly pods: RunningPodWatch;
}

function running(name: string, { cluster, worker, heartbeat, triage, pods }: Parts): RunningDiagnoser {
  return {
    cluster: name,
    isReady: () => worker.isReady(),
    // How the watch of pods stands, a line for each namespace.
    details: () => pods.readiness(),
    async stop() {
      await Promise.all([worker.close(), heartbeat.stop(), triage.stop(), pods.stop()]);
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
