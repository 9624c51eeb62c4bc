/** The lease of one cluster in memory. */
export class FakeLease {
  #holder = '';
  #fence = 0;
  #till = 0;

  /** Returns its fence, or undefined while somebody else has it. */
  take(holder: string, now: number, forMs: number): number | undefined {
    if (this.#till > now && this.#holder !== holder) {
      return undefined;
    }
    this.#holder = holder;
    this.#fence += 1;
    this.#till = now + forMs;
    return this.#fence;
  }

  holds(fence: number, now: number): boolean {
    return this.#fence === fence && this.#till > now;
  }

  /** Until then; false when it was lost. */
  prolong(fence: number, now: number, forMs: number): boolean {
    const held = this.holds(fence, now);
    this.#till = held ? now + forMs : this.#till;
    return held;
  }
}
