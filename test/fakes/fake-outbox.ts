import type { ChatMethod } from '../../src/core/chat/chat-method.ts';
import { chatMethodOf } from '../../src/core/chat/chat-method.ts';
import type { Delivery, Detour, Priority } from '../../src/core/chat/delivery.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Claim, Outbox, OutboxRows, PostedMessage, Settlement } from '../../src/ports/outbox.ts';
import { FakeStore } from './fake-store.ts';

/** What is known about one message. */
export interface FakeRow {
  delivery: Delivery;
  state: 'waiting' | 'sending' | 'sent' | 'dead';
  /** The version that was claimed last. */
  tried: number;
  posted?: PostedMessage | undefined;
  detour?: Detour;
  failures: number;
  uncertain: boolean;
  fence: number;
  due: number;
  editAt: number;
  leaseUntil: number;
  readonly since: number;
  reason: string;
}

const RANKS: Readonly<Record<Priority, number>> = { urgent: 0, answer: 1, alert: 2, news: 3 };

/** The outbox in memory: versions, leases, fences, pauses; without limits by channel and minute. */
export class FakeOutbox extends FakeStore implements Outbox, OutboxRows {
  /** Everything that was put, by key. */
  readonly rows = new Map<string, FakeRow>();
  readonly #clock: Clock;
  readonly #leaseMs: number;
  readonly #editGapMs: number;
  readonly #pauses = new Map<ChatMethod, number>();
  readonly #listeners = new Set<() => void>();

  constructor(clock: Clock, times: { readonly leaseMs?: number; readonly editGapMs?: number } = {}) {
    super();
    this.#clock = clock;
    this.#leaseMs = times.leaseMs ?? 20_000;
    this.#editGapMs = times.editGapMs ?? 1000;
  }

  /** The newest version of every message, in the order in which the keys were first put. */
  get deliveries(): readonly Delivery[] {
    return [...this.rows.values()].map(({ delivery }) => delivery);
  }

  async put(delivery: Delivery): Promise<'stored' | 'outdated'> {
    this.check();
    const now = this.#now();
    const row = this.rows.get(delivery.key);
    if (row === undefined) {
      this.rows.set(delivery.key, newRow(structuredClone(delivery), now));
    } else if (isOutdated(row, delivery)) {
      return 'outdated';
    } else {
      row.delivery = structuredClone(delivery);
      if (row.state !== 'sending') {
        row.due = row.state === 'waiting' ? row.due : Math.max(now, row.editAt);
        row.failures = 0;
        row.state = 'waiting';
      }
    }
    for (const listener of this.#listeners) {
      listener();
    }
    return 'stored';
  }

  async posted(key: string): Promise<PostedMessage | undefined> {
    this.check();
    return this.rows.get(key)?.posted;
  }

  async isSettled(key: string): Promise<boolean> {
    this.check();
    const state = this.rows.get(key)?.state;
    return state !== 'waiting' && state !== 'sending';
  }

  async withdraw(key: string): Promise<boolean> {
    this.check();
    const row = this.rows.get(key);
    if (row?.state === 'waiting' && row.posted === undefined && !row.uncertain) {
      row.state = 'dead';
      row.reason = 'withdrawn';
    }
    return row === undefined || (row.state === 'dead' && row.posted === undefined);
  }

  async claim(
    except: readonly ChatMethod[] = [],
  ): Promise<{ kind: 'claimed'; claim: Claim } | { kind: 'none'; nextInMs: number }> {
    this.check();
    const now = this.#now();
    this.#endLeases(now);
    const waiting = [...this.rows.values()].filter((row) => row.state === 'waiting' && !except.includes(methodOf(row)));
    const [row] = waiting.filter((row) => this.#goesAt(row) <= now).toSorted(bySequence);
    if (row === undefined) {
      const leases = [...this.rows.values()].flatMap((row) => (row.state === 'sending' ? row.leaseUntil : []));
      const times = [...waiting.map((row) => this.#goesAt(row)), ...leases];
      return { kind: 'none', nextInMs: Math.max(1, Math.min(60_000, ...times.map((time) => time - now))) };
    }
    row.state = 'sending';
    row.tried = row.delivery.version;
    row.fence += 1;
    row.leaseUntil = now + this.#leaseMs;
    const { posted, failures, uncertain, fence } = row;
    return {
      kind: 'claimed',
      claim: { delivery: shownAt(row), ...(posted === undefined ? {} : { posted }), failures, uncertain, fence },
    };
  }

  async renew(claim: Claim): Promise<boolean> {
    this.check();
    const row = this.rows.get(claim.delivery.key);
    if (row?.fence !== claim.fence || row.state !== 'sending') {
      return false;
    }
    row.leaseUntil = this.#now() + this.#leaseMs;
    return true;
  }

  async settle(claim: Claim, settlement: Settlement): Promise<void> {
    this.check();
    const row = this.rows.get(claim.delivery.key);
    const late = row?.state === 'waiting' && settlement.kind === 'sent';
    if (row?.fence !== claim.fence || (row.state !== 'sending' && !late)) {
      return;
    }
    row.state = 'waiting';
    row.reason = settlement.kind === 'sent' ? '' : settlement.reason;
    settleRow(row, settlement, { now: this.#now(), editGapMs: this.#editGapMs });
  }

  async pauseMethod(method: ChatMethod, forMs: number): Promise<void> {
    this.check();
    this.#pauses.set(method, Math.max(this.#pauses.get(method) ?? 0, this.#now() + forMs));
  }

  onPut(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async backlog(): Promise<{ waiting: number; oldestMs: number }> {
    this.check();
    const open = [...this.rows.values()].filter(({ state }) => state === 'waiting' || state === 'sending');
    return { waiting: open.length, oldestMs: Math.max(0, ...open.map(({ since }) => this.#now() - since)) };
  }

  #endLeases(now: number): void {
    for (const row of this.rows.values()) {
      if (row.state === 'sending' && row.leaseUntil <= now) {
        Object.assign(row, { state: 'waiting', uncertain: true, failures: row.failures + 1, due: now });
      }
    }
  }

  #goesAt(row: FakeRow): number {
    return Math.max(row.due, this.#pauses.get(methodOf(row)) ?? 0);
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}

function newRow(delivery: Delivery, now: number): FakeRow {
  return {
    delivery,
    state: 'waiting',
    tried: -1,
    failures: 0,
    uncertain: false,
    fence: 0,
    due: now,
    editAt: 0,
    leaseUntil: 0,
    since: now,
    reason: '',
  };
}

function settleRow(
  row: FakeRow,
  settlement: Settlement,
  time: { readonly now: number; readonly editGapMs: number },
): void {
  const newer = !isOnce(row.delivery) && row.delivery.version > row.tried;
  switch (settlement.kind) {
    case 'sent':
      row.failures = 0;
      row.uncertain = false;
      row.editAt = time.now + time.editGapMs;
      row.due = row.editAt;
      row.state = newer ? 'waiting' : 'sent';
      row.posted = settlement.posted ?? row.posted;
      break;
    case 'dead':
      row.failures = 0;
      row.due = time.now;
      row.state = newer ? 'waiting' : 'dead';
      break;
    case 'repost':
      row.failures += 1;
      row.due = time.now;
      row.posted = undefined;
      row.uncertain = false;
      break;
    case 'detour':
      row.due = time.now;
      row.posted = undefined;
      row.uncertain = false;
      row.detour = settlement.detour;
      break;
    case 'postpone':
      row.due = time.now + settlement.afterMs;
      break;
    case 'retry':
      row.failures += 1;
      row.uncertain = settlement.uncertain;
      row.due = time.now + settlement.afterMs;
      break;
  }
}

function methodOf({ delivery, posted }: FakeRow): ChatMethod {
  return chatMethodOf(delivery, posted !== undefined);
}

function shownAt({ delivery, detour }: FakeRow): Delivery {
  return delivery.kind === 'card' && detour !== undefined ? { ...delivery, detour } : delivery;
}

function bySequence(a: FakeRow, b: FakeRow): number {
  return RANKS[a.delivery.priority] - RANKS[b.delivery.priority] || a.due - b.due;
}

function isOnce({ kind }: Delivery): boolean {
  return kind === 'ephemeral' || kind === 'response' || kind === 'file';
}

function isOutdated(row: FakeRow, delivery: Delivery): boolean {
  const newest = row.delivery.version;
  const same = newest === delivery.version && !(isOnce(delivery) && row.state === 'dead');
  return newest > delivery.version || same || (isOnce(delivery) && isUnderWay(row));
}

function isUnderWay({ state }: FakeRow): boolean {
  return state === 'sending' || state === 'sent';
}
