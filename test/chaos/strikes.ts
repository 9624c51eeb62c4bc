import { setTimeout as pause } from 'node:timers/promises';
import type { Cell } from './cell.ts';
import type { ChaosWorld } from './chaos-world.ts';
import { INJECTIONS, type Victim } from './faults.ts';

/** How long the first waits for the others at its step; longer would be a fault of its own. */
const TOGETHER_MS = 600;
const LOOK_MS = 50;

/** Lets the fault of a cell happen as soon as its changes are at the step, and again for those that come later. */
export class Strikes {
  private readonly world: ChaosWorld;
  private readonly cell: Cell;
  private readonly expected: number;
  private readonly struck = new Set<number>();
  private waiting: Victim[] = [];
  private started: PromiseWithResolvers<void> | undefined;
  private readonly ends: Promise<void>[] = [];
  private lastEnd: number | undefined;

  constructor(world: ChaosWorld, cell: Cell, expected: number) {
    this.world = world;
    this.cell = cell;
    this.expected = expected;
  }

  /** Resolves when the fault is there. Whoever cannot be held for longer than `holdMs` may have gone on before it. */
  async arrive(victim: Victim, holdMs = Number.POSITIVE_INFINITY): Promise<void> {
    const arrivedAt = Date.now();
    this.struck.add(victim.index);
    this.waiting.push(victim);
    const started = this.started ?? Promise.withResolvers<void>();
    if (this.started === undefined) {
      this.started = started;
      setTimeout(() => void this.strike(started), TOGETHER_MS);
    }
    if (this.struck.size >= this.expected) {
      void this.strike(started);
    }
    await started.promise;
    if (Date.now() - arrivedAt > holdMs) {
      this.struck.delete(victim.index);
    }
  }

  /** Resolves when the fault has met all of them, or the time for that is over. */
  async allStruck(ms: number): Promise<void> {
    const end = Date.now() + ms;
    while (this.struck.size < this.expected && Date.now() < end) {
      await pause(LOOK_MS);
    }
  }

  isStruck(index: number): boolean {
    return this.struck.has(index);
  }

  /** Resolves when everything works again, with the moment when that was so; undefined: nothing ever went wrong. */
  async over(): Promise<number | undefined> {
    for (let known = -1; known !== this.ends.length || this.started !== undefined; ) {
      await this.started?.promise;
      known = this.ends.length;
      await Promise.all(this.ends);
    }
    return this.lastEnd;
  }

  private async strike(started: PromiseWithResolvers<void>): Promise<void> {
    const { waiting } = this;
    if (this.started !== started) {
      return;
    }
    this.waiting = [];
    this.started = undefined;
    const end = this.inject(waiting, started);
    this.ends.push(end);
    await end;
  }

  private async inject(victims: readonly Victim[], started: PromiseWithResolvers<void>): Promise<void> {
    try {
      const { over } = await INJECTIONS[this.cell.fault](victims, this.world, this.cell);
      started.resolve();
      await over;
    } catch (error) {
      this.world.trouble.push(`${this.cell.fault} at ${this.cell.step}: ${String(error)}`);
      victims.forEach(({ index }) => this.struck.delete(index));
      started.resolve();
    }
    this.lastEnd = Date.now();
  }
}
