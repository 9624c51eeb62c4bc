import { KubewhyError } from '../../src/core/errors/kubewhy-error.ts';
import type { AuditDraft } from '../../src/core/remediation/audit.ts';
import { revival } from '../../src/core/remediation/check-record.ts';
import { DEFAULT_TIMES, type RemediationLimits } from '../../src/core/remediation/limits.ts';
import type { RemediationRecord, SignedPlan, StepResult, Vote } from '../../src/core/remediation/remediation.ts';
import { isOpen } from '../../src/core/remediation/state.ts';
import { executorActor, proposedAudit, switchAudit } from '../../src/core/remediation/store-audit.ts';
import { stopWords, storeWords } from '../../src/core/remediation/store-words.ts';
import { BEFORE_EXECUTION, isBeforeExecution, mayAdvance } from '../../src/core/remediation/transitions.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type {
  Advance,
  BreakerState,
  ClaimRequest,
  ClaimResult,
  DecideResult,
  ProposeResult,
  RemediationStore,
  RemediationWork,
  SwitchState,
} from '../../src/ports/remediation-store.ts';
import { FakeAuditLog } from './fake-audit-log.ts';
import { FakeRemediationRows, type FakeRow } from './fake-remediation-rows.ts';
import {
  claimAgain,
  claimFirst,
  countVote,
  decide,
  endAbandoned,
  type FakePerson,
  inOrder,
  isRunnable,
  newRow,
  refusalOf,
  undecidable,
} from './fake-remediation-steps.ts';
import { FakeStore } from './fake-store.ts';

/** Remediations in memory, by the clock that it is given. What transitions leave to the audit is in `audit`. */
export class FakeRemediationStore extends FakeStore implements RemediationStore {
  readonly audit: FakeAuditLog;
  readonly #rows: FakeRemediationRows;
  readonly #clock: Clock;
  readonly #approvalMs: number;

  constructor(clock: Clock, { audit = new FakeAuditLog(clock), approvalMs = DEFAULT_TIMES.approvalMs } = {}) {
    super();
    this.audit = audit;
    this.#clock = clock;
    this.#rows = new FakeRemediationRows(clock, audit);
    this.#approvalMs = approvalMs;
  }

  async now(): Promise<Date> {
    this.check();
    return this.#clock.now();
  }

  async propose(signed: SignedPlan, limits: RemediationLimits): Promise<ProposeResult> {
    this.check();
    const { plan } = signed;
    const same = this.#rows.rows.get(plan.id) ?? this.#rows.openOf(plan);
    if (same !== undefined && (!this.#rows.endIfOverdue(same) || same.record.signed.plan.id === plan.id)) {
      return { kind: 'exists', id: same.record.signed.plan.id };
    }
    const reason = refusalOf(this.#rows, plan, limits);
    if (reason !== undefined) {
      return { kind: 'blocked', reason: storeWords(reason) };
    }
    const row = newRow(signed);
    this.#rows.rows.set(plan.id, row);
    this.#rows.enter(row, 'proposed');
    this.#rows.keep(proposedAudit(signed));
    return { kind: 'proposed' };
  }

  async opened(id: string, message: { readonly channel: string; readonly ts: string }): Promise<boolean> {
    this.check();
    const row = this.#rows.rows.get(id);
    if (row?.record.state !== 'proposed' || this.#rows.endIfOverdue(row)) {
      return false;
    }
    const [from, to] = ['proposed', 'awaiting_approval'] as const;
    this.#rows.note(row.record.signed.plan, {
      event: 'posted',
      from,
      to,
      actor: 'store',
      detail: { ...message },
      security: 1,
    });
    this.#rows.enter(row, to, { message });
    return true;
  }

  async read(id: string): Promise<RemediationRecord | undefined> {
    this.check();
    return this.#rows.rows.get(id)?.record;
  }

  async approve(id: string, digest: string, vote: Omit<Vote, 'at'>): Promise<DecideResult> {
    this.check();
    const row = this.#rows.rows.get(id);
    const not = undecidable(this.#rows, row, ['awaiting_approval']);
    if (row === undefined || not !== undefined) {
      return not ?? { kind: 'unknown' };
    }
    const { plan } = row.record.signed;
    if (row.record.signed.digest !== digest) {
      return { kind: 'stale' };
    }
    if (vote.user === plan.requester.user || vote.user === plan.proposer.user) {
      return { kind: 'own' };
    }
    if (row.record.votes.some(({ user }) => user === vote.user)) {
      return { kind: 'voted' };
    }
    return countVote(this.#rows, row, vote, this.#approvalMs);
  }

  async deny(id: string, by: FakePerson): Promise<DecideResult> {
    this.check();
    return decide(this.#rows, id, { by, from: ['awaiting_approval'], to: 'denied' });
  }

  async cancel(id: string, by: FakePerson): Promise<DecideResult> {
    this.check();
    return decide(this.#rows, id, { by, from: BEFORE_EXECUTION, to: 'cancelled' });
  }

  async stopBefore(id: string, to: 'blocked' | 'superseded', reason: string): Promise<boolean> {
    this.check();
    const row = this.#rows.rows.get(id);
    if (row === undefined || this.#rows.endIfOverdue(row) || !isBeforeExecution(row.record.state)) {
      return false;
    }
    this.#rows.finish(row, { to, ending: { reason }, actor: 'store' });
    return true;
  }

  async claim(id: string, request: ClaimRequest): Promise<ClaimResult> {
    this.check();
    const row = this.#rows.rows.get(id);
    if (row === undefined) {
      return { kind: 'unknown' };
    }
    this.#rows.endIfOverdue(row);
    const { state } = row.record;
    if (state === 'approved') {
      return claimFirst(this.#rows, row, request);
    }
    return state === 'executing' || state === 'verifying'
      ? claimAgain(this.#rows, row, state, request)
      : { kind: 'already', state };
  }

  async renew(id: string, fence: number, leaseMs: number): Promise<boolean> {
    this.check();
    const row = this.#held(id, fence);
    if (row !== undefined) {
      row.leaseMs = this.#rows.nowMs + leaseMs;
    }
    return row !== undefined;
  }

  async intend(id: string, fence: number, intent: string, audit: AuditDraft): Promise<boolean> {
    this.check();
    const row = this.#held(id, fence);
    if (row?.record.state !== 'executing') {
      return false;
    }
    const { plan } = row.record.signed;
    const over = this.#rows.nowMs >= Math.min(row.leaseMs, row.dueMs);
    const twice = !plan.conditional && row.record.intent !== undefined;
    if (over || twice || revival(row.record) !== undefined || this.#rows.isStopped(plan.cluster)) {
      return false;
    }
    this.#rows.grow(row, { intent });
    this.#rows.keep(audit);
    return true;
  }

  async step(id: string, fence: number, step: StepResult): Promise<boolean> {
    this.check();
    const row = this.#held(id, fence);
    if (row === undefined) {
      return false;
    }
    this.#rows.grow(row, { steps: [...row.record.steps, step] });
    const actor = executorActor(row.worker);
    this.#rows.note(row.record.signed.plan, { event: 'step', actor, detail: { ...step }, security: 1 });
    return true;
  }

  async advance(id: string, fence: number, { from, to, ending, audit }: Advance): Promise<boolean> {
    this.check();
    if (!mayAdvance(from, to)) {
      throw new KubewhyError('BUG', { message: `No change goes from ${from} to ${to}.` });
    }
    const row = this.#held(id, fence);
    if (row?.record.state !== from) {
      return false;
    }
    this.#rows.keep(audit);
    if (isOpen(to)) {
      this.#rows.enter(row, to);
    } else {
      this.#rows.end(row, to, ending);
    }
    return true;
  }

  async work(cluster: string): Promise<RemediationWork> {
    this.check();
    const here = [...this.#rows.rows.values()].filter(({ record }) => record.signed.plan.cluster === cluster);
    return {
      unposted: ids(here.filter(({ record }) => record.state === 'proposed')),
      runnable: ids(here.filter((row) => isRunnable(row, this.#rows.nowMs))),
      untold: ids(here.filter(({ told }) => !told)),
    };
  }

  async expire(): Promise<readonly string[]> {
    this.check();
    return ids([...this.#rows.rows.values()].filter((row) => this.#rows.endIfOverdue(row)));
  }

  async abandon(query: {
    readonly clusters: readonly string[];
    readonly silentMs: number;
  }): Promise<readonly string[]> {
    this.check();
    return ids(endAbandoned(this.#rows, query));
  }

  async told(id: string, revision: number): Promise<void> {
    this.check();
    const row = this.#rows.rows.get(id);
    if (row !== undefined && revision >= row.record.revision) {
      row.told = true;
    }
  }

  async list(query: {
    readonly open: boolean;
    readonly cluster?: string;
    readonly limit: number;
  }): Promise<readonly RemediationRecord[]> {
    this.check();
    const { open, cluster, limit } = query;
    const rows = [...this.#rows.rows.values()]
      .filter(({ record }) => isOpen(record.state) === open)
      .filter(({ record }) => cluster === undefined || record.signed.plan.cluster === cluster);
    return inOrder(rows, open)
      .slice(0, limit)
      .map(({ record }) => record);
  }

  async stop({ scope, by, reason }: Omit<SwitchState, 'at'>): Promise<void> {
    this.check();
    this.#rows.stops.set(scope, { scope, by, reason, at: this.#clock.now().toISOString() });
    this.#rows.keep(switchAudit('stopped', { scope, by, detail: { reason } }));
    for (const row of this.#rows.rows.values()) {
      const { state, signed } = row.record;
      if (isBeforeExecution(state) && (scope === '*' || scope === signed.plan.cluster)) {
        this.#rows.finish(row, { to: 'blocked', ending: { reason: stopWords(reason), by }, actor: by, reason });
      }
    }
  }

  async resume(scope: string, by: string): Promise<boolean> {
    this.check();
    const was = this.#rows.stops.delete(scope);
    const closed = this.#rows.closeBreakers(scope);
    if (was || closed) {
      this.#rows.keep(switchAudit('resumed', { scope, by, detail: {} }));
    }
    return was;
  }

  async stopped(): Promise<readonly SwitchState[]> {
    this.check();
    return [...this.#rows.stops.values()];
  }

  async breakers(): Promise<readonly BreakerState[]> {
    this.check();
    return this.#rows.breakers();
  }

  onChange(listener: (id: string) => void): () => void {
    this.#rows.listeners.add(listener);
    return () => void this.#rows.listeners.delete(listener);
  }

  /** The row while that executor may write to it. */
  #held(id: string, fence: number): FakeRow | undefined {
    const row = this.#rows.rows.get(id);
    const held = row !== undefined && isOpen(row.record.state) && row.record.fence === fence;
    return held && !isBeforeExecution(row.record.state) ? row : undefined;
  }
}

function ids(rows: readonly FakeRow[]): readonly string[] {
  return rows.map(({ record }) => record.signed.plan.id);
}
