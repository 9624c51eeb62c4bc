import type { Clock } from '../../src/ports/clock.ts';

/** A clock that stands until it is moved. */
export class FakeClock implements Clock {
  ms: number;

  constructor(start = '2026-01-31T12:00:00.000Z') {
    this.ms = Date.parse(start);
  }

  now(): Date {
    return new Date(this.ms);
  }

  advance(ms: number): void {
    this.ms += ms;
  }
}
