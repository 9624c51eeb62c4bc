import type { RemediationState } from '../../src/core/remediation/state.ts';
import { MODEL_LEASE_MS, MODEL_LIMITS, type ModelCommand, modelPlan } from './remediation-commands.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface One extends ReturnType<typeof modelPlan> {
  state: RemediationState;
  revision: number;
  voters: string[];
  due: number;
  lease: number;
  fence: number;
  intent: boolean;
}

const WAITING: readonly RemediationState[] = ['proposed', 'awaiting_approval', 'approved'];
const RUNNING: readonly RemediationState[] = ['executing', 'verifying'];

/** What a store of remediations does, told another way: with lists of what happened, from which everything follows. */
export class RemediationModel {
  nowMs: number;
  readonly ones = new Map<string, One>();
  readonly #stops = new Set<string>();
  readonly #begun: { readonly cluster: string; readonly at: number }[] = [];
  #touched: { readonly where: string; readonly at: number; readonly id: string }[] = [];
  #harm: { readonly cluster: string; readonly action: string; readonly at: number }[] = [];
  #off: { readonly cluster: string; readonly action: string; readonly until: number }[] = [];

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  /** Milliseconds until something is different only because time passes: for a change, and for what all of them share. */
  edges(n: number): readonly number[] {
    const one = this.ones.get(`m-${n}`);
    const times = [
      ...(one === undefined ? [] : [one.due, one.lease]),
      ...this.#off.map(({ until }) => until),
      ...this.#begun.map(({ at }) => at + HOUR),
      ...this.#touched.map(({ at }) => at + MODEL_LIMITS.perTargetMinutes * MINUTE),
      ...this.#harm.map(({ at }) => at + HOUR),
    ];
    return times.map((at) => at - this.nowMs).filter((ms) => ms > 0 && Number.isFinite(ms));
  }

  /** What a store answers, in short: the kind and what follows from it. */
  answer(command: ModelCommand): string {
    switch (command.kind) {
      case 'pass':
        this.nowMs += command.ms;
        return '';
      case 'expire':
        return [...this.ones.values()]
          .filter((one) => this.#overdue(one))
          .map(({ id }) => id)
          .toSorted()
          .join();
      case 'stop':
        return this.#stop(command.scope);
      case 'resume':
        return this.#resume(command.scope);
      case 'propose':
        return this.#propose(command.n);
      default: {
        const one = this.ones.get(`m-${command.n}`);
        return one === undefined ? 'none' : this.#about(one, command);
      }
    }
  }

  #about(one: One, command: Exclude<ModelCommand, { kind: 'pass' | 'expire' | 'stop' | 'resume' }>): string {
    switch (command.kind) {
      case 'read':
        return `${one.state} ${one.revision} ${one.fence} ${one.voters.join()} ${one.intent}`;
      case 'approve':
      case 'deny':
      case 'cancel':
        return this.#decide(one, command);
      case 'opened':
        if (one.state !== 'proposed' || this.#overdue(one)) {
          return 'false';
        }
        this.#go(one, 'awaiting_approval');
        return 'true';
      case 'stopBefore':
        if (!WAITING.includes(one.state) || this.#overdue(one)) {
          return 'false';
        }
        this.#go(one, 'blocked');
        return 'true';
      case 'claim':
        return this.#claim(one);
      default:
        return 'fence' in command ? String(this.#held(one, command)) : '';
    }
  }

  #go(one: One, state: RemediationState): void {
    one.state = state;
    one.revision += 1;
    if (!one.intent && !WAITING.includes(state) && !RUNNING.includes(state)) {
      this.#touched = this.#touched.filter(({ id }) => id !== one.id);
    }
    if (state === 'verify_failed' || state === 'unknown_outcome') {
      const { cluster, action } = one;
      this.#harm.push({ cluster, action, at: this.nowMs });
      const here = this.#harm.filter((harm) => harm.cluster === cluster);
      if (here.filter((harm) => harm.action === action && harm.at > this.nowMs - HOUR).length >= 2) {
        this.#off.push({ cluster, action, until: this.nowMs + HOUR });
      }
      if (here.filter(({ at }) => at > this.nowMs - 24 * HOUR).length >= 3) {
        this.#off.push({ cluster, action: '', until: Number.POSITIVE_INFINITY });
      }
    }
  }

  #overdue(one: One): boolean {
    const over = WAITING.includes(one.state) && this.nowMs >= one.due;
    if (over) {
      this.#go(one, 'expired');
    }
    return over;
  }

  #isOff({ cluster, action }: Pick<One, 'cluster' | 'action'>): boolean {
    return (
      this.#stops.has('*') ||
      this.#stops.has(cluster) ||
      this.#off.some(
        (off) => off.cluster === cluster && (off.action === '' || off.action === action) && this.nowMs < off.until,
      )
    );
  }

  #full({ cluster }: Pick<One, 'cluster'>): boolean {
    const flying = [...this.ones.values()].filter((one) => one.cluster === cluster && RUNNING.includes(one.state));
    return flying.length >= MODEL_LIMITS.inFlightPerNamespace;
  }

  #spent({ cluster, object }: Pick<One, 'cluster' | 'object'>): boolean {
    const hour = this.#begun.filter((begun) => begun.cluster === cluster && begun.at > this.nowMs - HOUR);
    const touched = this.#touched.findLast(({ where }) => where === `${cluster}/${object}`);
    const soon = touched !== undefined && this.nowMs < touched.at + MODEL_LIMITS.perTargetMinutes * MINUTE;
    return soon || hour.length >= MODEL_LIMITS.perClusterHour;
  }

  #propose(n: number): string {
    const plan = modelPlan(n);
    const known = this.ones.get(plan.id);
    if (known !== undefined) {
      this.#overdue(known);
      return `exists ${plan.id}`;
    }
    const same = this.#sameOpen(plan);
    if (same !== undefined && !this.#overdue(same)) {
      return `exists ${same.id}`;
    }
    if (this.#isOff(plan) || this.#full(plan) || this.#spent(plan)) {
      return 'blocked';
    }
    const one = { ...plan, state: 'proposed' as const, revision: 1, voters: [], lease: 0, fence: 0, intent: false };
    this.ones.set(plan.id, { ...one, due: this.nowMs + 30 * MINUTE });
    return 'proposed';
  }

  #sameOpen({ cluster, action, object }: Pick<One, 'cluster' | 'action' | 'object'>): One | undefined {
    return [...this.ones.values()]
      .filter(({ state }) => WAITING.includes(state) || RUNNING.includes(state))
      .find((one) => one.cluster === cluster && one.action === action && one.object === object);
  }

  #decide(one: One, command: Extract<ModelCommand, { kind: 'approve' | 'deny' | 'cancel' }> | ModelCommand): string {
    this.#overdue(one);
    if (one.state === 'expired') {
      return 'expired';
    }
    if (command.kind === 'cancel' ? !WAITING.includes(one.state) : one.state !== 'awaiting_approval') {
      return `already ${one.state}`;
    }
    if (command.kind !== 'approve') {
      this.#go(one, command.kind === 'deny' ? 'denied' : 'cancelled');
      return `decided ${one.state}`;
    }
    if (command.stale || command.user === 'U1' || command.user === 'U2') {
      return command.stale ? 'stale' : 'own';
    }
    return this.#vote(one, command.user);
  }

  #vote(one: One, user: string): string {
    if (one.voters.includes(user)) {
      return 'voted';
    }
    one.voters.push(user);
    if (one.voters.length < one.required) {
      one.revision += 1;
      return `counted ${one.voters.length} ${one.required}`;
    }
    one.due = Math.min(one.due, this.nowMs + 15 * MINUTE);
    this.#go(one, 'approved');
    return 'decided approved';
  }

  #claim(one: One): string {
    this.#overdue(one);
    const from = one.state;
    if (from === 'approved') {
      if (this.#isOff(one) || this.#spent(one)) {
        this.#go(one, 'blocked');
        return 'already blocked';
      }
      if (this.#full(one)) {
        return 'busy';
      }
      this.#begun.push({ cluster: one.cluster, at: this.nowMs });
      this.#touched.push({ where: `${one.cluster}/${one.object}`, at: this.nowMs, id: one.id });
      one.state = 'executing';
    } else if (!RUNNING.includes(from)) {
      return `already ${from}`;
    } else if (this.nowMs < one.lease) {
      return 'busy';
    } else if (from === 'executing' && one.intent && !one.conditional) {
      this.#go(one, 'unknown_outcome');
      return 'already unknown_outcome';
    }
    one.fence = Math.max(this.nowMs, one.fence + 1);
    one.revision += 1;
    one.lease = this.nowMs + MODEL_LEASE_MS;
    return `claimed ${one.fence} ${from}`;
  }

  #held(one: One, command: Extract<ModelCommand, { fence: number }>): boolean {
    if (!RUNNING.includes(one.state) || one.fence !== command.fence) {
      return false;
    }
    switch (command.kind) {
      case 'renew':
        one.lease = this.nowMs + MODEL_LEASE_MS;
        return true;
      case 'advance':
        if (one.state === command.from) {
          this.#go(one, command.to);
          return true;
        }
        return false;
      case 'intend':
        if (!this.#mayIntend(one)) {
          return false;
        }
        one.intent = true;
        break;
      default:
    }
    one.revision += 1;
    return true;
  }

  #mayIntend({ state, cluster, lease, due, intent, conditional }: One): boolean {
    const stopped = this.#stops.has('*') || this.#stops.has(cluster);
    const late = this.nowMs >= lease || this.nowMs >= due;
    return state === 'executing' && !stopped && !late && (conditional || !intent);
  }

  #stop(scope: string): string {
    this.#stops.add(scope);
    for (const one of this.ones.values()) {
      if (WAITING.includes(one.state) && (scope === '*' || scope === one.cluster)) {
        this.#go(one, 'blocked');
      }
    }
    return '';
  }

  #resume(scope: string): string {
    const other = ({ cluster }: { readonly cluster: string }): boolean => scope !== '*' && cluster !== scope;
    this.#off = this.#off.filter(other);
    this.#harm = this.#harm.filter(other);
    return String(this.#stops.delete(scope));
  }
}
