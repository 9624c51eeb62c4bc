import { isKubewhyError } from '../../core/errors/kubewhy-error.ts';
import type { RemediationWork } from '../../ports/remediation-store.ts';
import { chainAudit } from './chain-audit.ts';
import type { SweepDeps } from './remediation-deps.ts';
import { tellRemediation } from './tell.ts';

/** How long a job may last at most before whoever takes it does not begin any more; the approval itself ends earlier. */
const JOB_MS = 3_600_000;

/** After which silence what belongs to a cluster that is not in the settings any more is given up. */
const ABANDONED_MS = 3_600_000;

/**
 * One look at everything that is open, in case somebody died: ends what is too old or left behind, opens what is posted,
 * queues what nobody executes, shows what was not shown, and chains the audit. May run in many places at once. Throws
 * STORE_UNAVAILABLE and QUEUE_UNAVAILABLE.
 */
export async function sweepRemediations(deps: SweepDeps): Promise<void> {
  try {
    await lookAfterAll(deps);
  } catch (error) {
    // Without the store nothing can be chained either.
    if (!isKubewhyError(error, 'STORE_UNAVAILABLE')) {
      await lookAfterAudit(deps);
    }
    throw error;
  }
  await lookAfterAudit(deps);
}

async function lookAfterAudit(deps: SweepDeps): Promise<void> {
  await chainAudit(deps);
  await deps.anchor?.();
}

async function lookAfterAll(deps: SweepDeps): Promise<void> {
  const ended = await deps.store.expire();
  const abandoned = await deps.store.abandon({ clusters: deps.clusters(), silentMs: ABANDONED_MS });
  // Those of clusters that nobody looks after any more are told only here.
  for (const id of new Set([...ended, ...abandoned])) {
    await each(id, deps, () => tellRemediation(id, deps));
  }
  for (const cluster of deps.clusters()) {
    await sweepCluster(cluster, await deps.store.work(cluster), deps);
  }
}

async function sweepCluster(cluster: string, work: RemediationWork, deps: SweepDeps): Promise<void> {
  for (const id of work.runnable) {
    await each(id, deps, () => queueAgain(id, cluster, deps));
  }
  for (const id of new Set([...work.unposted, ...work.untold])) {
    await each(id, deps, () => tellRemediation(id, deps));
  }
}

/** One that fails does not keep the others from being looked after. */
async function each(id: string, { logger }: SweepDeps, look: () => Promise<void>): Promise<void> {
  try {
    await look();
  } catch (error) {
    if (isKubewhyError(error, 'STORE_UNAVAILABLE') || isKubewhyError(error, 'QUEUE_UNAVAILABLE')) {
      throw error;
    }
    logger.error('a change could not be looked after', { remediation: id, error });
  }
}

/** A job of that name may have ended without a claim, so each time has its own; the claim lets only one of them act. */
async function queueAgain(id: string, cluster: string, { store, queue, clock, times }: SweepDeps): Promise<void> {
  // One that cannot be read is queued as well: the claim ends it, so that it does not stand in the way for ever.
  const record = await store.read(id);
  const now = clock.now().getTime();
  const time = Math.floor(now / times().leaseMs);
  await queue.enqueue(
    {
      kind: 'execute',
      cluster,
      remediation: id,
      once: record?.signed.plan.conditional === false,
      expiresAt: new Date(now + JOB_MS).toISOString(),
    },
    `exec-${id}-${record?.fence ?? 'unread'}-${time}`,
  );
}
