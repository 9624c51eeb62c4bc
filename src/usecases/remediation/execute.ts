import { isKubewhyError } from '../../core/errors/kubewhy-error.ts';
import { approvalForgery, planForgery, revival } from '../../core/remediation/check-record.ts';
import { readIntent } from '../../core/remediation/intent.ts';
import type { LookMeaning, PlainEnd } from '../../core/remediation/reply-table.ts';
import type { RemediationJob } from '../../ports/remediation-queue.ts';
import type { ClaimResult } from '../../ports/remediation-store.ts';
import { act } from './act.ts';
import { appendAudit, type Execution, executionAudit, type Sends } from './execution.ts';
import { advance, finish } from './finish.ts';
import { Lease, LeaseLost } from './lease.ts';
import { type Ready, recheck, type Stop } from './recheck.ts';
import { type ExecutorDeps, monotonicOf } from './remediation-deps.ts';
import { settle, settleSilence, settleStop } from './settle.ts';
import { verify } from './verify.ts';

/** What became of a job. `lost`: another executor has it by now. `busy`: it comes again. `nothing`: there is nothing to do. */
export type ExecuteResult = 'ended' | 'lost' | 'busy' | 'nothing';

type Claim = Extract<ClaimResult, { kind: 'claimed' }>;

const NO_SENDS: Sends = { count: 0, before: {} };
/** How often everything is checked when it takes too long for what was checked to be true at the end. */
const MOST_CHECKS = 3;
const TOO_SLOW: Stop = {
  kind: 'stop',
  end: {
    state: 'blocked',
    reason:
      'The cluster and Slack answered too slowly to know that everything still holds. Nothing was changed. Propose it again.',
  },
};
/** Before it is sent again; longer each time. */
const SEND_AGAIN_MS = 1000;

/**
 * Carries an approved change out, or goes on where an executor died. May be called at any time, as often as one likes, in
 * many places at once. Throws STORE_UNAVAILABLE; then it comes again.
 */
export async function executeRemediation(
  { remediation, cluster }: Pick<Extract<RemediationJob, { kind: 'execute' }>, 'remediation' | 'cluster'>,
  deps: ExecutorDeps,
): Promise<ExecuteResult> {
  if (cluster !== deps.cluster) {
    deps.logger.error('a change of another cluster is not executed', { remediation, cluster });
    return 'nothing';
  }
  const { times, policy } = deps.settings();
  const askedAt = monotonicOf(deps);
  const claim = await deps.store.claim(remediation, {
    worker: deps.worker,
    leaseMs: times.leaseMs,
    limits: policy.limits,
  });
  if (claim.kind !== 'claimed') {
    if (claim.kind === 'busy') {
      deps.logger.info('another executor has this change, or as many as may be are under way; it comes again later', {
        remediation,
      });
      return 'busy';
    }
    deps.logger.info('a change is not executed', { remediation, why: claim.kind });
    return 'nothing';
  }
  const lease = new Lease({ id: remediation, fence: claim.fence, askedAt }, deps);
  lease.keep();
  try {
    await carryOn(claim, lease, deps);
    return 'ended';
  } catch (error) {
    if (error instanceof LeaseLost) {
      deps.logger.warn('another executor goes on with a change', { remediation });
      return 'lost';
    }
    throw error;
  } finally {
    lease.release();
  }
}

async function carryOn({ record, from }: Claim, lease: Lease, deps: ExecutorDeps): Promise<void> {
  const { plan } = record.signed;
  const state = from === 'verifying' ? 'verifying' : 'executing';
  const action = deps.actionOf(plan.input.action);
  const expected = { id: lease.id, cluster: deps.cluster };
  const forged = planForgery(record, expected, deps.signer) ?? approvalForgery(record, deps.signer) ?? revival(record);
  if (forged !== undefined || action === undefined) {
    return refuse({ record, lease, state, forged }, deps);
  }
  const execution: Execution = { record, plan, action, lease, deps };
  const intent = record.intent === undefined ? undefined : readIntent(record.intent);
  const sends = intent === undefined ? NO_SENDS : { count: intent.sends, before: intent.before };
  if (state === 'verifying') {
    return verify(execution, sends.before);
  }
  return intent === undefined
    ? attempt(execution, sends)
    : follow(execution, await settleSilence(execution, sends), sends);
}

interface Refused {
  readonly record: Claim['record'];
  readonly lease: Lease;
  readonly state: 'executing' | 'verifying';
  readonly forged: string | undefined;
  /** Whether it was sent before, as far as this executor knows. */
  readonly sent?: boolean;
}

/** A row that nobody approved, or an action that this version does not have: nothing is sent, and nothing is looked at. */
async function refuse({ record, lease, state, forged, sent = false }: Refused, deps: ExecutorDeps): Promise<void> {
  const { plan } = record.signed;
  const reason =
    forged === undefined
      ? `This version of Kubewhy cannot do ${plan.input.action}. Update its executors.`
      : `What is stored about this change cannot be trusted: ${forged}. It is not made. Look at who can write to Redis.`;
  const execution = { record, plan, lease, deps, action: NO_ACTION };
  if (forged !== undefined) {
    deps.logger.error('a change was forged', { remediation: lease.id, forged });
    await appendAudit(executionAudit(execution, 'refused', { detail: { forged }, security: 5 }), deps);
  }
  const mayBeDone = sent || state === 'verifying' || record.intent !== undefined;
  const security = forged === undefined ? 3 : 5;
  await finish(execution, {
    from: state,
    state: mayBeDone ? 'unknown_outcome' : 'blocked',
    reason,
    security,
    forged: forged !== undefined,
  });
}

const NO_ACTION: Execution['action'] = {
  code: 'R-ADVICE',
  conditional: false,
  inspect: async () => ({ kind: 'refused', why: 'invalid', reason: 'There is nothing to do.' }),
  seen: async () => 'cannot-tell',
  verify: async () => ({ kind: 'waiting', says: 'Nothing was done' }),
};

/** Checks, sends, and finds out what became of it, until that is known. */
async function attempt(execution: Execution, earlier: Sends, checks = 1): Promise<void> {
  const ready = await recheckSafely(execution);
  const acted = ready.kind === 'stop' ? ready : await act(execution, ready, earlier);
  if (acted.kind === 'stale' && checks < MOST_CHECKS) {
    return attempt(execution, earlier, checks + 1);
  }
  const sent = acted.kind === 'stale' ? TOO_SLOW : acted;
  if (sent.kind === 'stop' && sent.forged !== undefined) {
    const { record, lease, deps } = execution;
    return refuse({ record, lease, state: 'executing', forged: sent.forged, sent: earlier.count > 0 }, deps);
  }
  if (sent.kind === 'stop') {
    const { end, by } = sent;
    return follow(execution, await settleStop(execution, end, earlier), earlier, by);
  }
  const { reply, sends } = sent;
  const effect = ready.kind === 'ready' ? ready.possible.effect : undefined;
  if (effect !== undefined) {
    await follow(execution, await settle(execution, { reply, effect }, sends), sends);
  }
}

/** A defect must not be met again and again: nothing is sent, and it ends. */
async function recheckSafely(execution: Execution): Promise<Ready | Stop> {
  try {
    return await recheck(execution);
  } catch (error) {
    if (error instanceof LeaseLost || isKubewhyError(error, 'STORE_UNAVAILABLE')) {
      throw error;
    }
    const { deps, lease } = execution;
    deps.logger.error('a change could not be checked', { remediation: lease.id, error });
    const why = isKubewhyError(error) ? error.message : 'Kubewhy failed while it checked it.';
    const reason = `It could not be checked before it was made, so nothing was changed: ${why} Please report it with the id ${lease.id}.`;
    return { kind: 'stop', end: { state: 'failed', reason } };
  }
}

async function follow(execution: Execution, meaning: LookMeaning, sends: Sends, by?: string): Promise<void> {
  switch (meaning.kind) {
    case 'again':
      await execution.lease.pause(SEND_AGAIN_MS * sends.count);
      return attempt(execution, sends);
    case 'end':
      return endExecuting(execution, meaning.end, by);
    case 'verifying':
      await advance(execution, {
        from: 'executing',
        to: 'verifying',
        audit: executionAudit(execution, 'result', {
          from: 'executing',
          to: 'verifying',
          detail: { sends: sends.count },
        }),
      });
      return verify(execution, sends.before);
    default:
      return meaning satisfies never;
  }
}

async function endExecuting(execution: Execution, { state, reason }: PlainEnd, by?: string): Promise<void> {
  await finish(execution, { from: 'executing', state, reason, ...(by === undefined ? {} : { by }) });
}
