import { KubewhyError } from '../../src/core/errors/kubewhy-error.ts';
import type { Alert } from '../../src/core/triage/alert.ts';
import type { AlertPlace, PendingAlert, StoredAlert } from '../../src/core/triage/stored-alert.ts';

/** Limits of the fake triage store; what is not given is as in Redis. */
export interface FakeTriageOptions {
  readonly debounceMs?: number;
  readonly againMs?: number;
  readonly keepEndedMs?: number;
  readonly keepFiringMs?: number;
  readonly mostAlerts?: number;
  readonly leaseMs?: number;
  readonly keepMs?: number;
}

interface Row {
  alert: StoredAlert;
  start: number;
  status: Alert['status'];
  /** When its state was told last. */
  toldAt: number;
  revision: number;
  expiresAt: number;
  place?: AlertPlace;
  /** When it is due and since when it waits. */
  pending?: { readonly due: number; readonly since: number };
  /** With the revision at which each came; 0: it was told. */
  readonly notes: Map<string, number>;
}

const HOUR_MS = 3_600_000;
const MOST_NOTES = 20;
type Verdict = 'change' | 'stale' | 'repeat' | 'late';

/** The alerts of one cluster in memory, by the rules of the intake. */
export class FakeAlertRecords {
  readonly #options: FakeTriageOptions;
  readonly #rows = new Map<string, Row>();
  #revision = 0;

  constructor(options: FakeTriageOptions) {
    this.#options = options;
  }

  /** Returns how many were news; calls back with the incident of each that was heard of. */
  accept(alerts: readonly StoredAlert[], now: number, heard: (incident: string) => void): number {
    this.#revision += 1;
    this.#forgetOld(now);
    this.#makeRoom(alerts);
    return alerts.filter((alert) => this.#acceptOne(structuredClone(alert), now, heard)).length;
  }

  pending(now: number): { readonly due: readonly PendingAlert[]; readonly oldestMs: number } {
    this.#forgetOld(now);
    const waiting = [...this.#rows.values()]
      .filter(({ pending }) => pending !== undefined)
      .toSorted((a, b) => dueOf(a) - dueOf(b));
    const due = waiting.filter((row) => dueOf(row) <= now).map(pendingAlert);
    return { due, oldestMs: now - (waiting[0]?.pending?.since ?? now) };
  }

  place(fingerprint: string, revision: number, place: AlertPlace, now: number): void {
    const row = this.#rows.get(fingerprint);
    if (row === undefined) {
      return;
    }
    row.place = place;
    for (const [note, since] of row.notes) {
      row.notes.set(note, since <= revision ? 0 : since);
    }
    if (row.revision === revision) {
      delete row.pending;
    } else {
      pend(row, now, now);
    }
  }

  #forgetOld(now: number): void {
    for (const [fingerprint, row] of this.#rows) {
      if (row.expiresAt <= now) {
        this.#rows.delete(fingerprint);
      }
    }
  }

  #makeRoom(alerts: readonly StoredAlert[]): void {
    const here = new Set(alerts.map(({ mapped }) => mapped.alert.fingerprint));
    const fresh = [...here].filter((fingerprint) => !this.#rows.has(fingerprint)).length;
    const surplus = this.#rows.size + fresh - (this.#options.mostAlerts ?? 50_000);
    if (fresh === 0 || surplus <= 0) {
      return;
    }
    const going = [...this.#rows]
      .filter(([name, row]) => row.status === 'resolved' && row.pending === undefined && !here.has(name))
      .toSorted(([, a], [, b]) => a.toldAt - b.toldAt)
      .slice(0, surplus);
    if (going.length < surplus) {
      throw new KubewhyError('STORE_UNAVAILABLE', { message: 'The fake holds as many alerts as it may.' });
    }
    for (const [name] of going) {
      this.#rows.delete(name);
    }
  }

  #acceptOne(alert: StoredAlert, now: number, heard: (incident: string) => void): boolean {
    const { fingerprint, status, startsAt } = alert.mapped.alert;
    const start = startsAt === undefined ? 0 : Date.parse(startsAt);
    const known = this.#rows.get(fingerprint);
    const before = known?.status;
    const verdict = this.#verdict({ status, start }, known, now);
    const row: Row = known ?? { alert, start, status, toldAt: 0, revision: 0, expiresAt: 0, notes: new Map() };
    this.#rows.set(fingerprint, row);
    if (verdict === 'change') {
      this.#change(row, { alert, start }, now);
    }
    this.#note(row, alert.notes, now);
    this.#keep(row, verdict, now);
    if (verdict !== 'stale' && row.place !== undefined) {
      heard(row.place.incident);
    }
    return verdict === 'change' && (status === 'firing' || before === 'firing');
  }

  /** What comes too late does not prolong anything. */
  #keep(row: Row, verdict: Verdict, now: number): void {
    const { keepEndedMs = 6 * HOUR_MS, keepFiringMs = 192 * HOUR_MS } = this.#options;
    if (verdict === 'change' || verdict === 'repeat') {
      row.toldAt = now;
      row.expiresAt = now + (row.status === 'resolved' ? keepEndedMs : keepFiringMs);
    }
  }

  #verdict(
    { status, start }: { readonly status: Alert['status']; readonly start: number },
    row: Row | undefined,
    now: number,
  ): Verdict {
    if (row === undefined || start > row.start) {
      return 'change';
    }
    if (start < row.start) {
      return 'stale';
    }
    if (status === row.status) {
      return 'repeat';
    }
    const again = status === 'resolved' || now - row.toldAt >= (this.#options.againMs ?? 120_000);
    return again ? 'change' : 'late';
  }

  #change(row: Row, { alert, start }: { readonly alert: StoredAlert; readonly start: number }, now: number): void {
    if (start !== row.start) {
      for (const [note, since] of row.notes) {
        if (since === 0) {
          row.notes.delete(note);
        }
      }
    }
    const { status } = alert.mapped.alert;
    Object.assign(row, { alert, start, status, revision: this.#revision });
    if (status === 'firing') {
      pend(row, now + (this.#options.debounceMs ?? 1000), now);
      return;
    }
    if (row.place !== undefined && (row.pending !== undefined || row.place.status === 'firing')) {
      pend(row, now, now);
    } else {
      delete row.pending;
    }
  }

  #note(row: Row, notes: readonly string[], now: number): void {
    const before = row.notes.size;
    for (const note of notes) {
      if (!row.notes.has(note) && row.notes.size < MOST_NOTES) {
        row.notes.set(note, this.#revision);
      }
    }
    if (row.notes.size === before) {
      return;
    }
    row.revision = this.#revision;
    if (row.place !== undefined) {
      pend(row, now + (this.#options.debounceMs ?? 1000), now);
    }
  }
}

function pend(row: Row, due: number, now: number): void {
  row.pending = { due: Math.min(due, dueOf(row)), since: row.pending?.since ?? now };
}

function dueOf({ pending }: Row): number {
  return pending?.due ?? Number.POSITIVE_INFINITY;
}

function pendingAlert({ alert, revision, place, notes }: Row): PendingAlert {
  const untold = [...notes].filter(([, since]) => since > 0).map(([note]) => note);
  return {
    alert: structuredClone({ ...alert, notes: untold }),
    revision,
    ...(place === undefined ? {} : { was: { ...place } }),
  };
}
