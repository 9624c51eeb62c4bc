import type { Possible, Refusal } from '../../actions/action.ts';
import { isKubewhyError } from '../../core/errors/kubewhy-error.ts';
import { approvedUntil } from '../../core/remediation/approved-until.ts';
import type { PlainEnd } from '../../core/remediation/reply-table.ts';
import { otherChange } from '../../core/remediation/same-change.ts';
import type { ClusterReader } from '../../ports/cluster-reader.ts';
import { checkApprovers } from './approvers.ts';
import { checkEvidence } from './evidence.ts';
import { actContext, addStep, appendAudit, type Execution, executionAudit } from './execution.ts';
import { monotonicOf } from './remediation-deps.ts';
import { tryOut } from './request.ts';
import { beginStep } from './run-step.ts';
import { brakeReason, switchedOff } from './standing.ts';

/** Why a change is not sent. */
export interface Stop {
  readonly kind: 'stop';
  readonly end: PlainEnd;
  /** Whose approval does not count. */
  readonly by?: string;
}

/** Everything holds at this moment. */
export interface Ready {
  readonly kind: 'ready';
  readonly possible: Possible;
  /** By `monotonic`: from then on the approval does not hold any more. */
  readonly until: number;
  /** By `monotonic`: from then on what was checked is too old to act on. */
  readonly freshUntil: number;
}

/** A diagnosis that is older does not prove anything any more. */
const EVIDENCE_MS = 60_000;

/** Whoever was frozen between the checks and the act checks again. */
const FRESH_MS = 10_000;

const LATE: PlainEnd = {
  state: 'expired',
  reason: 'The approval ran out before the change was made. Nothing was changed. Propose it again.',
};

const STATES: Readonly<Record<Refusal['why'], PlainEnd['state']>> = {
  changed: 'superseded',
  unsafe: 'superseded',
  unproven: 'blocked',
  invalid: 'failed',
};

/**
 * Checks everything anew at the moment of the act, and asks the API server what it would answer. What cannot be read stops
 * it. Throws `LeaseLost` and STORE_UNAVAILABLE.
 */
export async function recheck(execution: Execution): Promise<Ready | Stop> {
  const { deps } = execution;
  const reader = await opened(execution);
  if ('kind' in reader) {
    return reader;
  }
  const until = await approvalEnd(execution);
  const lookedAt = monotonicOf(deps);
  const [standing, evidence] = await Promise.all([standingStop(execution, reader, until), evidenceStop(execution)]);
  const checked = standing ?? evidence ?? (await inspect(execution, reader, lookedAt));
  if (checked.kind === 'stop') {
    return checked;
  }
  const freshUntil = monotonicOf(deps) + FRESH_MS;
  const approvers = await checkApprovers(execution.record, deps);
  if (approvers.kind === 'refused') {
    const { reason, by } = approvers;
    return { kind: 'stop', end: { state: 'blocked', reason }, ...(by === undefined ? {} : { by }) };
  }
  await appendAudit(
    executionAudit(execution, 'checked', {
      detail: {
        fingerprint: checked.fingerprint,
        approvers: execution.record.votes.map(({ user }) => user).join(' '),
        identities: approvers.identities.map(({ user }) => user).join(' '),
      },
    }),
    deps,
  );
  const refused = await dryRun(execution, checked);
  return refused ?? lateStop(execution, until) ?? { kind: 'ready', possible: checked, until, freshUntil };
}

async function opened({ deps }: Execution): Promise<ClusterReader | Stop> {
  try {
    return await deps.openPlainReader();
  } catch (error) {
    if (!isKubewhyError(error)) {
      throw error;
    }
    return stop('blocked', `The cluster could not be read, so nothing was changed: ${error.message}`);
  }
}

/** By `monotonic`, counted from before the store was asked what time it is. */
async function approvalEnd({ record, deps }: Execution): Promise<number> {
  const askedAt = monotonicOf(deps);
  const now = await deps.store.now();
  return askedAt + approvedUntil(record) - now.getTime();
}

/** Stops when the time to act is over. */
export function lateStop({ deps }: Execution, until: number): Stop | undefined {
  return monotonicOf(deps) < until ? undefined : { kind: 'stop', end: LATE };
}

async function standingStop(execution: Execution, reader: ClusterReader, until: number): Promise<Stop | undefined> {
  const { lease } = execution;
  await lease.check();
  const late = lateStop(execution, until);
  if (late !== undefined) {
    return late;
  }
  return brakeStop(execution, reader);
}

async function brakeStop({ plan, deps }: Execution, reader: ClusterReader): Promise<Stop | undefined> {
  const reason = (await switchedOff(deps)) ?? (await brakeReason(plan, reader, deps));
  return reason === undefined ? undefined : stop('blocked', reason);
}

/** An inspection that took its time needs another diagnosis after it. */
async function inspect(execution: Execution, reader: ClusterReader, lookedAt: number): Promise<Possible | Stop> {
  const { plan, action, deps, lease } = execution;
  const found = await action.inspect(plan.input, actContext(execution, reader));
  await lease.check();
  if (found.kind === 'refused') {
    return stop(STATES[found.why], found.reason);
  }
  const other = otherChange(plan, found);
  if (other !== undefined) {
    return stop('superseded', other);
  }
  const isOld = monotonicOf(deps) - lookedAt >= EVIDENCE_MS;
  return (isOld ? ((await evidenceStop(execution)) ?? (await brakeStop(execution, reader))) : undefined) ?? found;
}

async function evidenceStop({ plan, deps }: Execution): Promise<Stop | undefined> {
  const evidence = await checkEvidence(plan, deps);
  switch (evidence.kind) {
    case 'same':
      return undefined;
    case 'superseded':
      return stop('superseded', evidence.reason);
    case 'unproven':
      return stop('blocked', evidence.reason);
    default:
      return evidence satisfies never;
  }
}

async function dryRun(execution: Execution, { effect }: Possible): Promise<Stop | undefined> {
  const { plan, deps, lease } = execution;
  await lease.check();
  const ended = beginStep('dry run', deps);
  const tried = await tryOut(effect, plan.id, deps);
  const ok = tried.kind === 'accepted';
  await addStep(ended({ ok, output: tried.says }), execution);
  await appendAudit(executionAudit(execution, 'dry-run', { detail: { accepted: ok, response: tried.says } }), deps);
  return tried.kind === 'accepted' ? undefined : { kind: 'stop', end: tried.end };
}

function stop(state: PlainEnd['state'], reason: string): Stop {
  return { kind: 'stop', end: { state, reason } };
}
