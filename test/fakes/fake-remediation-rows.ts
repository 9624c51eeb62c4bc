import { governedNamespace } from '../../src/core/policy/decide-remediation.ts';
import type { AuditDraft, AuditEvent } from '../../src/core/remediation/audit.ts';
import { changeKey, objectKey } from '../../src/core/remediation/change-identity.ts';
import type { RemediationLimits } from '../../src/core/remediation/limits.ts';
import type { Ending, RemediationPlan, RemediationRecord } from '../../src/core/remediation/remediation.ts';
import { type EndState, isOpen, type RemediationState } from '../../src/core/remediation/state.ts';
import { planAudit } from '../../src/core/remediation/store-audit.ts';
import { type StoreReason, storeWords } from '../../src/core/remediation/store-words.ts';
import {
  BREAKER,
  BUDGET_WINDOW_MS,
  isBeforeExecution,
  isHarm,
  REPEAT_WINDOW_MS,
} from '../../src/core/remediation/transitions.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { BreakerState, SwitchState } from '../../src/ports/remediation-store.ts';
import type { FakeAuditLog } from './fake-audit-log.ts';

/** A remediation with what only the store knows of it. */
export interface FakeRow {
  record: RemediationRecord;
  /** From then on it expires, unless it is executed. */
  dueMs: number;
  leaseMs: number;
  worker: string;
  /** Whether its object counts as changed only because of it. */
  touched: boolean;
  told: boolean;
  endedMs: number;
}

/** Who ends something, and what the audit calls it. */
interface Finish {
  readonly to: EndState;
  readonly ending: Ending;
  readonly actor: string;
  readonly event?: AuditEvent;
  /** What the audit says instead of the ending. */
  readonly reason?: string;
}

/** The rows of the fake store, and the rules that several calls share. */
export class FakeRemediationRows {
  readonly rows = new Map<string, FakeRow>();
  readonly stops = new Map<string, SwitchState>();
  readonly listeners = new Set<(id: string) => void>();
  readonly #clock: Clock;
  readonly #audit: FakeAuditLog;
  /** When changes were begun, by cluster and namespace. */
  readonly #begun: { readonly cluster: string; readonly namespace: string; readonly at: number }[] = [];
  readonly #touched = new Map<string, number>();
  readonly #helped: { readonly key: string; readonly at: number }[] = [];
  #harm: { readonly cluster: string; readonly action: string; readonly at: number }[] = [];
  #breakers: BreakerState[] = [];

  constructor(clock: Clock, audit: FakeAuditLog) {
    this.#clock = clock;
    this.#audit = audit;
  }

  get nowMs(): number {
    return this.#clock.now().getTime();
  }

  /** Adds to the audit what concerns a plan. */
  note(
    plan: RemediationPlan,
    entry: Pick<AuditDraft, 'event' | 'actor' | 'detail' | 'security' | 'from' | 'to'>,
  ): void {
    this.#audit.keep({ ...planAudit(plan), ...entry });
  }

  keep(draft: AuditDraft): void {
    this.#audit.keep(draft);
  }

  /** Changes the record: one revision more, which is untold. */
  grow(row: FakeRow, changes: Partial<RemediationRecord>): void {
    row.record = { ...row.record, ...changes, revision: row.record.revision + 1 };
    row.told = false;
    for (const listener of this.listeners) {
      listener(row.record.signed.plan.id);
    }
  }

  /** Goes to another state. */
  enter(row: FakeRow, state: RemediationState, changes: Partial<RemediationRecord> = {}): void {
    const { history } = row.record;
    const at = this.#clock.now().toISOString();
    this.grow(row, { ...changes, state, history: [...history, { state, at }] });
  }

  /** Ends it. */
  finish(row: FakeRow, { to, ending, actor, event = 'ended', reason = ending.reason }: Finish): void {
    const { state: from, signed } = row.record;
    const security = to === 'unknown_outcome' ? 4 : 2;
    this.note(signed.plan, { event, from, to, actor, detail: { reason }, security });
    this.end(row, to, ending);
  }

  /** Ends it for a reason of the store. */
  finishBecause(row: FakeRow, to: EndState, reason: StoreReason, actor = 'store'): void {
    const event = to === 'expired' ? 'expired' : 'ended';
    this.finish(row, { to, ending: { reason: storeWords(reason) }, actor, event, reason });
  }

  /** Ends it without an entry of its own. */
  end(row: FakeRow, to: EndState, ending: Ending | undefined): void {
    this.enter(row, to, ending === undefined ? {} : { ending });
    row.endedMs = this.nowMs;
    const { plan } = row.record.signed;
    if (row.touched && row.record.intent === undefined) {
      this.#touched.delete(touchKey(plan));
    }
    if (to === 'succeeded') {
      this.#helped.push({ key: helpKey(plan), at: this.nowMs });
    }
    if (isHarm(to)) {
      this.#countHarm(plan);
    }
  }

  /** Ends it when its time is over. */
  endIfOverdue(row: FakeRow): boolean {
    if (!isBeforeExecution(row.record.state) || this.nowMs < row.dueMs) {
      return false;
    }
    this.finishBecause(row, 'expired', 'time');
    return true;
  }

  /** The open one about the same change. */
  openOf(plan: RemediationPlan): FakeRow | undefined {
    const key = changeKey(plan);
    return [...this.rows.values()].find(({ record }) => isOpen(record.state) && changeKey(record.signed.plan) === key);
  }

  isStopped(cluster: string): boolean {
    return this.stops.has('*') || this.stops.has(cluster);
  }

  /** Why nothing of that kind may happen there at all. */
  switchedOff({ cluster, input }: RemediationPlan): StoreReason | undefined {
    if (this.isStopped(cluster)) {
      return 'stopped';
    }
    const here = this.breakers().filter((one) => one.cluster === cluster);
    if (here.some(({ action }) => action === '')) {
      return 'breaker-all';
    }
    return here.some(({ action }) => action === input.action) ? 'breaker-action' : undefined;
  }

  /** Which limit the number of those under way has reached. */
  inFlight(plan: RemediationPlan, limits: RemediationLimits): StoreReason | undefined {
    const flying = [...this.rows.values()]
      .filter(({ record }) => record.state === 'executing' || record.state === 'verifying')
      .map(({ record }) => record.signed.plan)
      .filter(({ cluster }) => cluster === plan.cluster);
    if (flying.length >= limits.inFlightPerCluster) {
      return 'in-flight-cluster';
    }
    const near = flying.filter((other) => governedNamespace(other) === governedNamespace(plan));
    return near.length >= limits.inFlightPerNamespace ? 'in-flight-namespace' : undefined;
  }

  /** Which limit over time is reached. */
  spent(plan: RemediationPlan, limits: RemediationLimits): StoreReason | undefined {
    const since = this.nowMs - BUDGET_WINDOW_MS;
    const begun = this.#begun.filter(({ cluster, at }) => cluster === plan.cluster && at > since);
    if (begun.length >= limits.perClusterHour) {
      return 'hour-cluster';
    }
    const near = begun.filter(({ namespace }) => namespace === governedNamespace(plan));
    if (near.length >= limits.perNamespaceHour) {
      return 'hour-namespace';
    }
    const touched = this.#touched.get(touchKey(plan));
    const forMs = limits.perTargetMinutes * 60_000;
    if (touched !== undefined && this.nowMs - touched < forMs) {
      return 'target';
    }
    const helped = this.#helped.filter(({ key, at }) => key === helpKey(plan) && at > this.nowMs - REPEAT_WINDOW_MS);
    return helped.length >= (limits.perTargetDay ?? Number.POSITIVE_INFINITY) ? 'repeated' : undefined;
  }

  /** Takes one from the budget of the hour. */
  spend(row: FakeRow): void {
    const { plan } = row.record.signed;
    this.#begun.push({ cluster: plan.cluster, namespace: governedNamespace(plan), at: this.nowMs });
    this.#touched.set(touchKey(plan), this.nowMs);
    row.touched = true;
  }

  breakers(): readonly BreakerState[] {
    return this.#breakers.filter(({ until }) => until === undefined || Date.parse(until) > this.nowMs);
  }

  /** Closes the breakers of a cluster, or all with `*`; whether there was one. */
  closeBreakers(scope: string): boolean {
    const before = this.breakers().length;
    const others = (one: { readonly cluster: string }): boolean => scope !== '*' && one.cluster !== scope;
    this.#breakers = this.#breakers.filter(others);
    this.#harm = this.#harm.filter(others);
    return this.breakers().length < before;
  }

  #countHarm(plan: RemediationPlan): void {
    const { cluster, input } = plan;
    const at = this.nowMs;
    this.#harm.push({ cluster, action: input.action, at });
    const here = this.#harm.filter((one) => one.cluster === cluster);
    const ofAction = here.filter((one) => one.action === input.action && at - one.at < BREAKER.actionWindowMs);
    if (ofAction.length >= BREAKER.actionHarm) {
      this.#open(plan, { cluster, action: input.action, until: new Date(at + BREAKER.actionOffMs).toISOString() });
    }
    if (here.filter((one) => at - one.at < BREAKER.allWindowMs).length >= BREAKER.allHarm) {
      this.#open(plan, { cluster, action: '' });
    }
  }

  #open(plan: RemediationPlan, breaker: BreakerState): void {
    const { cluster, action, until } = breaker;
    this.#breakers = this.#breakers.filter((one) => one.cluster !== cluster || one.action !== action);
    this.#breakers.push(breaker);
    const detail = { off: action === '' ? '*' : action, ...(until === undefined ? {} : { until }) };
    this.note(plan, { event: 'breaker', actor: 'store', detail, security: 4 });
  }
}

function helpKey(plan: RemediationPlan): string {
  return `${touchKey(plan)} ${plan.input.action}`;
}

function touchKey({ cluster, target }: RemediationPlan): string {
  return `${cluster} ${objectKey(target)}`;
}
