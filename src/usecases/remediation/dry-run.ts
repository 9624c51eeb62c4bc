import { isKubewhyError } from '../../core/errors/kubewhy-error.ts';
import { planForgery } from '../../core/remediation/check-record.ts';
import type { RemediationPlan } from '../../core/remediation/remediation.ts';
import { otherChange } from '../../core/remediation/same-change.ts';
import type { RemediationJob } from '../../ports/remediation-queue.ts';
import type { ExecutorDeps } from './remediation-deps.ts';
import { requestLine, tryOut } from './request.ts';
import { putNotice } from './tell.ts';

type DryRunJob = Extract<RemediationJob, { kind: 'dry-run' }>;

/** What a dry run showed. */
interface Shown {
  readonly text: string;
  readonly code?: readonly string[];
}

/**
 * Says in the thread what the API server would answer if the change were made now. Twice is once. Throws
 * STORE_UNAVAILABLE; then it comes again.
 */
export async function dryRunRemediation(job: DryRunJob, deps: ExecutorDeps): Promise<void> {
  const { remediation, cluster, user, expiresAt } = job;
  const record = cluster === deps.cluster ? await deps.store.read(remediation) : undefined;
  if (record === undefined || (await deps.store.now()).getTime() >= Date.parse(expiresAt)) {
    deps.logger.info('a dry run is not made', { remediation, cluster });
    return;
  }
  const forged = planForgery(record, { id: remediation, cluster }, deps.signer);
  if (forged !== undefined) {
    deps.logger.error('a change was forged', { remediation, forged });
    return;
  }
  const { plan } = record.signed;
  const shown = await show(plan, deps);
  const key = `${remediation}-dry-${deps.ids.derive('dry-run', user, expiresAt)}`;
  await putNotice(plan.replyTo, { key, ...shown }, deps);
}

async function show(plan: RemediationPlan, deps: ExecutorDeps): Promise<Shown> {
  try {
    return await look(plan, deps);
  } catch (error) {
    if (!isKubewhyError(error) || error.code === 'STORE_UNAVAILABLE') {
      throw error;
    }
    return { text: `Dry run: the cluster could not be asked. ${error.message} Nothing was changed.` };
  }
}

async function look(plan: RemediationPlan, deps: ExecutorDeps): Promise<Shown> {
  const { content, clock, runbook, pause } = deps;
  const reader = await deps.openPlainReader();
  const found = await deps.actionOf(plan.input.action)?.inspect(plan.input, {
    reader,
    content,
    ...(runbook === undefined ? {} : { runbook: (step) => runbook.run(step) }),
    purpose: 'propose',
    pause,
    now: () => reader.serverTime() ?? clock.now(),
  });
  if (found?.kind !== 'possible') {
    const reason = found?.reason ?? 'This version of Kubewhy does not have this action.';
    return { text: `Dry run: it would not be done. ${reason}` };
  }
  const other = otherChange(plan, found);
  if (other !== undefined) {
    return { text: `Dry run: it would not be done. ${other}` };
  }
  const tried = await tryOut(found.effect, plan.id, deps);
  const verdict = tried.kind === 'accepted' ? 'it would be done' : 'it would not be done';
  return { text: `Dry run: ${verdict}. ${tried.says}. Nothing was changed.`, code: [requestLine(found.effect)] };
}
