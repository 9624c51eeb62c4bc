import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { actionOf } from '../../actions/registry.ts';
import type { BullmqDiagnosisQueue } from '../../adapters/bullmq/bullmq-diagnosis-queue.ts';
import { BullmqRemediationWorker } from '../../adapters/bullmq/bullmq-remediation-worker.ts';
import type { Cluster } from '../../adapters/kubernetes/kubernetes-cluster.ts';
import { hashedIds } from '../../adapters/system/hashed-ids.ts';
import { systemClock } from '../../adapters/system/system-clock.ts';
import type { Config } from '../../config/config.ts';
import type { ServiceConfig } from '../../config/service-config.ts';
import type { ClusterSettings, Settings } from '../../config/settings.ts';
import type { ClusterReader } from '../../ports/cluster-reader.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { People } from '../../ports/people.ts';
import type { LoadedPlaybooks } from '../../usecases/find-outcome.ts';
import { redactedReader } from '../../usecases/redacted-reader.ts';
import type { ExecutorDeps } from '../../usecases/remediation/remediation-deps.ts';
import { withRunbook } from '../../usecases/runbook-reader.ts';
import { openChosenCluster } from '../open-cluster.ts';
import type { Changes } from './changes.ts';
import type { ClusterPart } from './cluster-set.ts';
import { runRemediationJob } from './remediation-job.ts';
import { executorSettings, remediationPolicy } from './remediation-rules.ts';
import { type RequestTally, requestTally } from './request-tally.ts';
import { openRunbook } from './runbook.ts';
import type { Stores } from './stores.ts';

/** What an executor works with. */
export interface ExecutorOptions {
  readonly redisUrl: string;
  readonly settings: Settings;
  readonly service: ServiceConfig;
  readonly config: Config;
  readonly stores: Stores;
  readonly changes: Changes;
  readonly people: People;
  /** Where fresh diagnoses are asked for. */
  readonly diagnoses: BullmqDiagnosisQueue;
  readonly playbooks: () => Promise<LoadedPlaybooks>;
  /** What the settings say by now; `settings` is what it was started with. */
  readonly current: () => Settings;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Opens a cluster with the account that may write, and carries approved changes out. Throws KUBECONFIG_INVALID. */
export async function startExecutor(choice: ClusterSettings, options: ExecutorOptions): Promise<ClusterPart> {
  const logger = options.logger.child({ cluster: choice.name, role: 'executor' });
  const account = choice.executor ?? choice;
  const requests = requestTally();
  const cluster = await openChosenCluster(
    { context: account.context, kubeconfig: account.kubeconfig },
    options.config,
    { interactive: false, heard: requests.heard },
  );
  const deps = executorDeps(choice.name, { cluster, requests: requests.slots }, { ...options, logger });
  const worker = new BullmqRemediationWorker({
    url: options.redisUrl,
    prefix: options.settings.redis.prefix,
    cluster: choice.name,
    logger,
    handle: (job) => runRemediationJob(job, deps),
  });
  return {
    cluster: choice.name,
    isReady: () => worker.isReady(),
    async stop() {
      await worker.close();
      cluster.close();
    },
  };
}

interface OpenedCluster {
  readonly cluster: Cluster;
  readonly requests: RequestTally['slots'];
}

function executorDeps(name: string, { cluster, requests }: OpenedCluster, options: ExecutorOptions): ExecutorDeps {
  const { stores, changes, people, diagnoses, playbooks, current, service, logger, metrics } = options;
  const deadlineMs = (): number => current().limits.questionTimeoutSeconds * 1000;
  const openReader = (): ClusterReader => cluster.question({ deadlineMs: deadlineMs() });
  const runbook = openRunbook(name, { cluster, settings: current(), logger });
  return {
    cluster: name,
    worker: randomUUID(),
    store: changes.store,
    audit: changes.audit,
    outbox: stores.outbox,
    questions: stores.questions,
    diagnoses,
    people,
    signer: changes.signer,
    ids: hashedIds(),
    actionOf,
    writer: cluster.writer(logger),
    openReader: async () => redactedReader(withRunbook(openReader(), runbook)),
    openPlainReader: async () => openReader(),
    content: cluster.content(),
    ...(runbook === undefined ? {} : { runbook }),
    playbooks,
    clock: systemClock(),
    logger,
    metrics,
    alertRate: stores.alertRate,
    requests,
    policy: () => remediationPolicy(current()),
    settings: () => executorSettings(current(), service.stop),
    questionExpirySeconds: () => current().limits.questionExpirySeconds,
    pause: async (ms) => {
      await sleep(ms);
    },
  };
}
