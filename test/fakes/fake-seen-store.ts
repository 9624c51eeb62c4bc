import type { Clock } from '../../src/ports/clock.ts';
import type { SeenStore } from '../../src/ports/seen-store.ts';
import { FakeStore } from './fake-store.ts';

/** Deliveries that were seen, in memory. */
export class FakeSeenStore extends FakeStore implements SeenStore {
  readonly #clock: Clock;
  readonly #until = new Map<string, number>();
  readonly #counts = new Map<string, { count: number; readonly until: number }>();

  constructor(clock: Clock) {
    super();
    this.#clock = clock;
  }

  async firstTime(key: string, seconds: number): Promise<boolean> {
    this.check();
    const now = this.#clock.now().getTime();
    if ((this.#until.get(key) ?? 0) > now) {
      return false;
    }
    this.#until.set(key, now + seconds * 1000);
    return true;
  }

  async count(key: string, seconds: number): Promise<number> {
    this.check();
    const now = this.#clock.now().getTime();
    const known = this.#counts.get(key);
    const counted = known !== undefined && known.until > now ? known : { count: 0, until: now + seconds * 1000 };
    counted.count += 1;
    this.#counts.set(key, counted);
    return counted.count;
  }

  async forget(key: string): Promise<void> {
    this.check();
    this.#until.delete(key);
    this.#counts.delete(key);
  }
}
