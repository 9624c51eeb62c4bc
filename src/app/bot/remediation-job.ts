import type { RemediationJob } from '../../ports/remediation-queue.ts';
import { dryRunRemediation } from '../../usecases/remediation/dry-run.ts';
import { executeRemediation } from '../../usecases/remediation/execute.ts';
import { proposeRemediation } from '../../usecases/remediation/propose.ts';
import type { ExecutorDeps } from '../../usecases/remediation/remediation-deps.ts';

/** Does one job of an executor. Rejects when it has to come again: STORE_UNAVAILABLE, or another executor has it still. */
export async function runRemediationJob(job: RemediationJob, deps: ExecutorDeps): Promise<void> {
  switch (job.kind) {
    case 'propose':
      await proposeRemediation(job, deps);
      return;
    case 'dry-run':
      await dryRunRemediation(job, deps);
      return;
    case 'execute':
      if ((await executeRemediation(job, deps)) === 'busy') {
        throw new Error('another executor has it');
      }
  }
}
