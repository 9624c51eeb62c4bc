import { BullmqDiagnosisQueue } from '../../adapters/bullmq/bullmq-diagnosis-queue.ts';
import type { ClusterSettings, Settings } from '../../config/settings.ts';
import { ClusterSet } from './cluster-set.ts';
import { type ExecutorOptions, startExecutor } from './executor.ts';
import { executorPeople } from './executor-people.ts';
import type { PlaybookSet } from './playbook-set.ts';
import { allowsChanges } from './remediation-rules.ts';

/** What the executors of all clusters share. */
export interface ExecutorsOptions extends Omit<ExecutorOptions, 'playbooks' | 'current' | 'people' | 'diagnoses'> {
  readonly playbooks: PlaybookSet;
}

/** One executor for each cluster of the settings; none while the settings let nobody approve anything. */
export type Executors = Pick<ClusterSet, 'follow' | 'readiness' | 'stop'>;

/** Starts them all. Throws KUBECONFIG_INVALID, CHAT_REJECTED and CHAT_UNAVAILABLE. */
export async function startExecutors(options: ExecutorsOptions): Promise<Executors> {
  const { playbooks, config, logger, redisUrl } = options;
  const people = await executorPeople(options);
  const diagnoses = new BullmqDiagnosisQueue({ url: redisUrl, logger, prefix: options.settings.redis.prefix });
  const set = new ClusterSet(options.settings, {
    name: 'executor',
    wanted: (settings) => (allowsChanges(settings) ? settings.clusters : []),
    start: (cluster, settings, current) =>
      startExecutor(cluster, {
        ...options,
        settings,
        people,
        diagnoses,
        playbooks: () => playbooks.current(),
        current,
      }),
    keyOf,
    prepare: (settings) => playbooks.reload([...config.playbookFolders, ...settings.playbooks]),
    logger,
  });
  await set.startAll();
  return {
    follow: (settings) => set.follow(settings),
    readiness: () => set.readiness(),
    async stop() {
      await set.stop();
      await diagnoses.close();
    },
  };
}

function keyOf({ name, kubeconfig, context, executor }: ClusterSettings, { remediation }: Settings): string {
  return JSON.stringify([name, kubeconfig, context, executor, remediation.runbooks]);
}
