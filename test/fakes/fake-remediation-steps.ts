import type { RemediationLimits } from '../../src/core/remediation/limits.ts';
import type { RemediationPlan, SignedPlan, Vote } from '../../src/core/remediation/remediation.ts';
import { isOpen, type RemediationState } from '../../src/core/remediation/state.ts';
import { executorActor, slackActor } from '../../src/core/remediation/store-audit.ts';
import type { StoreReason } from '../../src/core/remediation/store-words.ts';
import { isBeforeExecution } from '../../src/core/remediation/transitions.ts';
import type { ClaimRequest, ClaimResult, DecideResult } from '../../src/ports/remediation-store.ts';
import type { FakeRemediationRows, FakeRow } from './fake-remediation-rows.ts';

/** A row before its first state. */
export function newRow(signed: SignedPlan): FakeRow {
  return {
    record: { signed, state: 'proposed', revision: 0, votes: [], history: [], fence: 0, steps: [] },
    dueMs: Date.parse(signed.plan.expiresAt),
    leaseMs: 0,
    worker: '',
    touched: false,
    told: false,
    endedMs: 0,
  };
}

/** Why it cannot be proposed now. */
export function refusalOf(
  rows: FakeRemediationRows,
  plan: RemediationPlan,
  limits: RemediationLimits,
): StoreReason | undefined {
  if (rows.nowMs >= Date.parse(plan.expiresAt)) {
    return 'time';
  }
  return rows.switchedOff(plan) ?? rows.inFlight(plan, limits) ?? rows.spent(plan, limits);
}

/** Why nobody can decide it any more, or yet. */
export function undecidable(
  rows: FakeRemediationRows,
  row: FakeRow | undefined,
  from: readonly RemediationState[],
): DecideResult | undefined {
  if (row === undefined) {
    return { kind: 'unknown' };
  }
  rows.endIfOverdue(row);
  const { state } = row.record;
  if (state === 'expired') {
    return { kind: 'expired' };
  }
  return from.includes(state) ? undefined : { kind: 'already', state };
}

/** Counts a vote of somebody who may give one. */
export function countVote(
  rows: FakeRemediationRows,
  row: FakeRow,
  given: Omit<Vote, 'at'>,
  approvalMs: number,
): DecideResult {
  const { plan, digest } = row.record.signed;
  const { required, owners } = plan.approval;
  const votes = [...row.record.votes, { ...given, at: new Date(rows.nowMs).toISOString() }];
  const actor = slackActor(given);
  const detail = { digest, reason: given.reason, votes: votes.length, required };
  rows.note(plan, { event: 'vote', actor, detail, security: 3 });
  const ownersVoted = owners.length === 0 || votes.some(({ owner }) => owner !== false);
  if (votes.length < required || !ownersVoted) {
    rows.grow(row, { votes });
    return { kind: 'counted', votes: votes.length, required };
  }
  row.dueMs = Math.min(row.dueMs, rows.nowMs + approvalMs);
  const actBefore = new Date(row.dueMs).toISOString();
  const [from, to] = ['awaiting_approval', 'approved'] as const;
  rows.note(plan, { event: 'approved', from, to, actor, detail: { votes: votes.length, required }, security: 3 });
  rows.enter(row, to, { votes, actBefore });
  return { kind: 'decided', state: to };
}

/** Who decides, and why. */
export interface FakePerson {
  readonly team: string;
  readonly user: string;
  readonly reason: string;
}

/** Ends what a person does not want. */
export function decide(
  rows: FakeRemediationRows,
  id: string,
  how: { readonly by: FakePerson; readonly from: readonly RemediationState[]; readonly to: 'denied' | 'cancelled' },
): DecideResult {
  const { by, from, to } = how;
  const row = rows.rows.get(id);
  const not = undecidable(rows, row, from);
  if (row === undefined || not !== undefined) {
    return not ?? { kind: 'unknown' };
  }
  const event = to === 'denied' ? 'denied' : 'ended';
  rows.finish(row, { to, ending: { reason: by.reason, by: by.user }, actor: slackActor(by), event });
  return { kind: 'decided', state: to };
}

/** The newest first: by their beginning, or by their end. */
export function inOrder(rows: readonly FakeRow[], open: boolean): readonly FakeRow[] {
  const time = ({ record, endedMs }: FakeRow): number => (open ? Date.parse(record.history[0]?.at ?? '') : endedMs);
  return rows.toSorted((a, b) => time(b) - time(a));
}

/** Takes one that is approved, or ends it. */
export function claimFirst(rows: FakeRemediationRows, row: FakeRow, request: ClaimRequest): ClaimResult {
  const { plan } = row.record.signed;
  const actor = executorActor(request.worker);
  const reason = rows.switchedOff(plan) ?? rows.spent(plan, request.limits);
  if (reason !== undefined) {
    rows.finishBecause(row, 'blocked', reason, actor);
    return { kind: 'already', state: row.record.state };
  }
  if (rows.inFlight(plan, request.limits) !== undefined) {
    return { kind: 'busy' };
  }
  rows.spend(row);
  return take(rows, row, request, 'approved');
}

/** Takes one whose executor fell silent, or ends it. */
export function claimAgain(
  rows: FakeRemediationRows,
  row: FakeRow,
  from: 'executing' | 'verifying',
  request: ClaimRequest,
): ClaimResult {
  const { intent, signed } = row.record;
  if (rows.nowMs < row.leaseMs) {
    return { kind: 'busy' };
  }
  if (from === 'executing' && intent !== undefined && !signed.plan.conditional) {
    rows.finishBecause(row, 'unknown_outcome', 'unknown-outcome', executorActor(request.worker));
    return { kind: 'already', state: row.record.state };
  }
  return take(rows, row, request, from);
}

function take(
  rows: FakeRemediationRows,
  row: FakeRow,
  { worker, leaseMs }: ClaimRequest,
  from: 'approved' | 'executing' | 'verifying',
): ClaimResult {
  const fence = Math.max(rows.nowMs, row.record.fence + 1);
  const how = from === 'approved' ? 'first' : 'recover';
  row.worker = worker;
  row.leaseMs = rows.nowMs + leaseMs;
  const to = from === 'approved' ? 'executing' : from;
  const entry = { event: 'claimed', actor: executorActor(worker), detail: { fence, how }, security: 2 } as const;
  rows.note(row.record.signed.plan, { ...entry, from, to });
  if (from === 'approved') {
    rows.enter(row, to, { fence });
  } else {
    rows.grow(row, { fence });
  }
  return { kind: 'claimed', fence, how, from, record: row.record };
}

/** Whether an executor should have a look at it. */
export function isRunnable({ record, leaseMs }: FakeRow, nowMs: number): boolean {
  return record.state === 'approved' || (isOpen(record.state) && !isBeforeExecution(record.state) && leaseMs <= nowMs);
}

/** Ends what executors of other clusters left behind. */
export function endAbandoned(
  rows: FakeRemediationRows,
  query: { readonly clusters: readonly string[]; readonly silentMs: number },
): readonly FakeRow[] {
  const left = [...rows.rows.values()].filter(
    ({ record, leaseMs }) =>
      (record.state === 'executing' || record.state === 'verifying') &&
      !query.clusters.includes(record.signed.plan.cluster) &&
      rows.nowMs >= leaseMs + query.silentMs,
  );
  for (const row of left) {
    rows.finishBecause(row, 'unknown_outcome', 'abandoned');
  }
  return left;
}
