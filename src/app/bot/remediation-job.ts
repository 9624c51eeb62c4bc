import type { RemediationJob } from '../../ports/remediation-queue.ts';
import { dryRunRemediation } from '../../usecases/remediation/dry-run.ts';
import { executeRemediation } from '../../usecases/remediation/execute.ts';
import { proposeRemediation } from '../../usecases/remediation/propose.ts';
import type { ExecutorDeps } from '../../usecases/remediation/remediation-deps.ts';

/**
 * Does one job of an executor. `busy`: another executor has the change still, or as many as may be are under way. Rejects
 * with STORE_UNAVAILABLE. Either way it has to come again.
 */
export async function runRemediationJob(job: RemediationJob, deps: ExecutorDeps): Promise<'busy' | undefined> {
  switch (job.kind) {
    case 'propose':
      await proposeRemediation(job, deps);
      return undefined;
    case 'dry-run':
      await dryRunRemediation(job, deps);
      return undefined;
    case 'execute':
      return (await executeRemediation(job, deps)) === 'busy' ? 'busy' : undefined;
    default:
      return job satisfies never;
  }
}
