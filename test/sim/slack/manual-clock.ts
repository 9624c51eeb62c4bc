/** A clock that stands still until a test moves it. */
export class ManualClock {
  /** Epoch milliseconds. */
  now = Date.parse('2026-11-02T10:00:00Z');

  readonly read = (): number => this.now;

  advance(milliseconds: number): void {
    this.now += milliseconds;
  }
}
