import type { IncidentPeople, IncidentRecord, IncidentSilence } from '../../src/core/triage/incident.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { IncidentDesk } from '../../src/ports/incident-desk.ts';
import { FakeStore } from './fake-store.ts';

/** Incidents that a test puts there, with what people do to them, in memory. */
export class FakeIncidentDesk extends FakeStore implements IncidentDesk {
  readonly records = new Map<string, IncidentRecord>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    super();
    this.#clock = clock;
  }

  async read(id: string): Promise<IncidentRecord | undefined> {
    this.check();
    return this.records.get(id);
  }

  async acknowledge(id: string, user: string): Promise<boolean> {
    this.check();
    const first = this.records.get(id)?.people.acknowledged === undefined;
    if (first) {
      this.#change(id, { acknowledged: { user, at: this.#clock.now().toISOString() } });
    }
    return first;
  }

  async snooze(id: string, user: string, forMs: number): Promise<void> {
    this.check();
    const until = new Date(this.#clock.now().getTime() + forMs).toISOString();
    this.#change(id, { snoozed: { user, until } });
  }

  async saveSilence(id: string, silence: IncidentSilence): Promise<void> {
    this.check();
    const others = (this.records.get(id)?.people.silences ?? []).filter((one) => one.id !== silence.id);
    this.#change(id, { silences: [...others, silence] });
  }

  #change(id: string, change: Partial<IncidentPeople>): void {
    const record = this.records.get(id);
    if (record !== undefined) {
      this.records.set(id, { ...record, people: { ...record.people, ...change }, revision: record.revision + 1 });
    }
  }
}
