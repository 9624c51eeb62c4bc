import type { ExecutorDeps } from './remediation-deps.ts';
import { monotonicOf } from './remediation-deps.ts';

/** Another executor may have it by now: whoever sees this stops at once and sends nothing. Never leaves `execute`. */
export class LeaseLost extends Error {
  constructor(remediation: string) {
    super(`The lease of ${remediation} was lost.`);
    this.name = 'LeaseLost';
  }
}

/** What was claimed. */
export interface Claimed {
  readonly id: string;
  readonly fence: number;
  /** By `monotonic`, before the claim was sent. */
  readonly askedAt: number;
}

/** It is renewed in each of so many parts of its time. */
const PARTS = 3;

/**
 * The claim of an executor. It counts its time from before the store was asked, so that as long as it says that it holds,
 * the store gives the remediation to nobody else.
 */
export class Lease {
  readonly id: string;
  readonly fence: number;
  private readonly deps: ExecutorDeps;
  private readonly forMs: number;
  private renewedAt: number;
  private lost = false;
  private renewing: ReturnType<typeof setInterval> | undefined;

  constructor({ id, fence, askedAt }: Claimed, deps: ExecutorDeps) {
    this.id = id;
    this.fence = fence;
    this.deps = deps;
    this.forMs = deps.settings().times.leaseMs;
    this.renewedAt = askedAt;
  }

  /** Renews it in the background until it is released. */
  keep(): void {
    this.renewing = setInterval(() => void this.renew().catch(() => undefined), this.forMs / PARTS);
  }

  release(): void {
    clearInterval(this.renewing);
  }

  /** Whether nobody else can have it now. Asks nobody, so that it may stand directly before a send. */
  holds(): boolean {
    return !this.lost && monotonicOf(this.deps) - this.renewedAt < this.forMs;
  }

  /** Throws `LeaseLost` when the store says so. Throws STORE_UNAVAILABLE. */
  async renew(): Promise<void> {
    const askedAt = monotonicOf(this.deps);
    if (this.lost || !(await this.deps.store.renew(this.id, this.fence, this.forMs))) {
      this.lose();
    }
    this.renewedAt = Math.max(this.renewedAt, askedAt);
  }

  /** Throws `LeaseLost` unless it holds; one that is half over is renewed first. */
  async check(): Promise<void> {
    if (this.lost || monotonicOf(this.deps) - this.renewedAt > this.forMs / PARTS) {
      await this.renew();
    }
  }

  /** Throws `LeaseLost`. */
  lose(): never {
    this.lost = true;
    throw new LeaseLost(this.id);
  }

  /** Waits without losing it. */
  async pause(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= this.forMs / PARTS) {
      await this.deps.pause(Math.min(left, this.forMs / PARTS));
      await this.check();
    }
  }
}
