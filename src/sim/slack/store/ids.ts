/** Hands out ids that are the same in every run. */
export class Ids {
  private readonly counters = new Map<string, number>();
  private lastMicros = 0n;

  /** For example `Ev00000001`; each prefix counts on its own. */
  next(prefix: string): string {
    const count = (this.counters.get(prefix) ?? 0) + 1;
    this.counters.set(prefix, count);
    return `${prefix}${count.toString(36).toUpperCase().padStart(8, '0')}`;
  }

  /** A message timestamp at or after `now` (epoch milliseconds); never the same one twice. */
  timestamp(now: number): string {
    const micros = BigInt(Math.floor(now)) * 1000n;
    this.lastMicros = micros > this.lastMicros ? micros : this.lastMicros + 1n;
    const digits = this.lastMicros.toString().padStart(16, '0');
    return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
  }
}
