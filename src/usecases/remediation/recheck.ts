import type { Possible, Refusal } from '../../actions/action.ts';
import { isKubewhyError } from '../../core/errors/kubewhy-error.ts';
import { approvedUntil } from '../../core/remediation/approved-until.ts';
import { canonicalJson } from '../../core/remediation/canonical-json.ts';
import { revival } from '../../core/remediation/check-record.ts';
import type { PlainEnd } from '../../core/remediation/reply-table.ts';
import { otherChange } from '../../core/remediation/same-change.ts';
import { subjectPath } from '../../core/subject/subject.ts';
import type { ClusterReader } from '../../ports/cluster-reader.ts';
import { type ApproversCheck, checkApprovers } from './approvers.ts';
import { type CheckedEvidence, checkEvidence } from './evidence.ts';
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
  /** What shows that what is stored was not written by Kubewhy. */
  readonly forged?: string;
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

/** Slack may be waited for so long, once. */
const MOST_WAIT_MS = 30_000;

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
 * it, except that Slack, which limits how often it is asked, is waited for once. Throws `LeaseLost` and STORE_UNAVAILABLE.
 */
export async function recheck(execution: Execution, hasWaited = false): Promise<Ready | Stop> {
  const { deps } = execution;
  const reader = await opened(execution);
  if ('kind' in reader) {
    return reader;
  }
  const until = await approvalEnd(execution);
  const lookedAt = monotonicOf(deps);
  const [standing, evidence] = await Promise.all([
    standingStop(execution, reader, until),
    evidenceNow(execution, reader),
  ]);
  const checked = standing ?? (await inspect(execution, { reader, evidence, lookedAt }));
  if (checked.kind === 'stop') {
    return checked;
  }
  const freshUntil = monotonicOf(deps) + FRESH_MS;
  const approvers = await checkApprovers(execution.record, deps);
  if (approvers.kind === 'refused') {
    const { reason, by } = approvers;
    const again = !hasWaited && (await mayWait(execution, approvers, until));
    return again ? recheck(execution, true) : { ...stop('blocked', reason), ...(by === undefined ? {} : { by }) };
  }
  await appendAudit(
    executionAudit(execution, 'checked', {
      detail: {
        fingerprint: checked.fingerprint,
        evidence: evidence.kind === 'same' ? subjectPath(evidence.input.subject) : '',
        approvers: execution.record.votes.map(({ user }) => user).join(' '),
        identities: approvers.identities.map(({ user }) => user).join(' '),
      },
    }),
    deps,
  );
  const refused = (await dryRun(execution, checked)) ?? (await revived(execution));
  return refused ?? lateStop(execution, until) ?? { kind: 'ready', possible: checked, until, freshUntil };
}

/** Waits for Slack, which limits how often it is asked, if that is over soon enough. By `monotonic`. */
async function mayWait(
  { deps, lease }: Execution,
  { retryAfterMs }: Extract<ApproversCheck, { readonly kind: 'refused' }>,
  until: number,
): Promise<boolean> {
  const soon = retryAfterMs !== undefined && retryAfterMs <= MOST_WAIT_MS;
  if (!soon || monotonicOf(deps) + retryAfterMs >= until) {
    return false;
  }
  deps.logger.info('Slack limits how often it is asked, so the approvers are looked up a little later', {
    remediation: lease.id,
    retryAfterMs,
  });
  await lease.pause(retryAfterMs);
  return true;
}

/** As it is stored by now: the claim looked at it before. */
async function revived({ lease, deps }: Execution): Promise<Stop | undefined> {
  const record = await deps.store.read(lease.id);
  const forged = record && revival(record);
  return forged === undefined ? undefined : { ...stop('blocked', forged), forged };
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

interface Looked {
  readonly reader: ClusterReader;
  readonly evidence: Same | Stop;
  readonly lookedAt: number;
}

/** An inspection that took its time needs another diagnosis after it. */
async function inspect(execution: Execution, { reader, evidence, lookedAt }: Looked): Promise<Possible | Stop> {
  if (evidence.kind === 'stop') {
    return evidence;
  }
  const { plan, action, deps, lease } = execution;
  const found = await action.inspect(evidence.input, actContext(execution, reader));
  await lease.check();
  if (found.kind === 'refused') {
    return stop(STATES[found.why], found.reason);
  }
  const other = otherChange(plan, found);
  if (other !== undefined) {
    return stop('superseded', other);
  }
  const isOld = monotonicOf(deps) - lookedAt >= EVIDENCE_MS;
  return (isOld ? await againStop(execution, reader, evidence) : undefined) ?? found;
}

async function againStop(execution: Execution, reader: ClusterReader, before: Same): Promise<Stop | undefined> {
  const evidence = await evidenceNow(execution, reader);
  if (evidence.kind === 'stop') {
    return evidence;
  }
  return canonicalJson(evidence.input) === canonicalJson(before.input)
    ? brakeStop(execution, reader)
    : stop(
        'superseded',
        'The pod that shows the trouble was replaced meanwhile. Nothing was changed. Diagnose it again.',
      );
}

type Same = Extract<CheckedEvidence, { readonly kind: 'same' }>;

async function evidenceNow({ plan, deps }: Execution, reader: ClusterReader): Promise<Same | Stop> {
  const evidence = await checkEvidence(plan, reader, deps);
  switch (evidence.kind) {
    case 'same':
      return evidence;
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
