import { KubewhyError } from '../../src/core/errors/kubewhy-error.ts';
import type { Alert } from '../../src/core/triage/alert.ts';
import type { AlertPlace, PendingAlert, StoredAlert } from '../../src/core/triage/stored-alert.ts';

/** Limits of the fake triage store; what is not given is as in Redis. */
export interface FakeTriageOptions {
  readonly debounceMs?: number;
  readonly againMs?: number;
  readonly askEveryMs?: number;
  readonly keepEndedMs?: number;
  readonly keepFiringMs?: number;
  readonly mostAlerts?: number;
  readonly leaseMs?: number;
  readonly keepMs?: number;
}

interface Row {
  alert: StoredAlert;
  /** The earliest and the latest start of its episode that was told. */
  first: number;
  start: number;
  /** When the last episode ended that did. */
  over: number;
  status: Alert['status'];
  /** When its state was told last. */
  toldAt: number;
  revision: number;
  expiresAt: number;
  /** When a repeat became pending because all was over where it was placed. */
  asked: number;
  place?: AlertPlace;
  /** When it is due and since when it waits. */
  pending?: { readonly due: number; readonly since: number };
  /** With the revision at which each came; 0: it was told. */
  readonly notes: Map<string, number>;
}

const HOUR_MS = 3_600_000;
const MOST_NOTES = 20;
type Verdict = 'change' | 'stale' | 'repeat' | 'late';

/** What one alert says of its episode. */
interface Told {
  readonly status: Alert['status'];
  /** 0: not known. */
  readonly start: number;
  readonly end: number;
}

/** The alerts of one cluster in memory, by the rules of the intake. */
export class FakeAlertRecords {
  readonly #options: FakeTriageOptions;
  readonly #rows = new Map<string, Row>();
  #revision = 0;

  constructor(options: FakeTriageOptions) {
    this.#options = options;
  }

  /** Returns how many were news; calls back with the incident of each that was heard of, and is told whether it is open. */
  accept(alerts: readonly StoredAlert[], now: number, heard: (incident: string) => boolean): number {
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

  #acceptOne(alert: StoredAlert, now: number, heard: (incident: string) => boolean): boolean {
    const { fingerprint, status } = alert.mapped.alert;
    const told = toldOf(alert);
    const known = this.#rows.get(fingerprint);
    const before = known?.status;
    const verdict = this.#verdict(told, known, now);
    const row = known ?? newRow(alert, told);
    this.#rows.set(fingerprint, row);
    const fires = verdict === 'repeat' && status === 'firing';
    if (verdict === 'change') {
      this.#change(row, alert, now);
    } else if (fires) {
      begin(row, row.alert, told);
    }
    this.#note(row, alert.notes, now);
    this.#keep(row, verdict, now);
    if (verdict !== 'stale') {
      this.#askAgain(row, row.place !== undefined && !heard(row.place.incident) && fires, now);
    }
    return verdict === 'change' && [status, before].includes('firing');
  }

  #askAgain(row: Row, isOver: boolean, now: number): void {
    if (isOver && row.place?.status === 'firing' && now - row.asked >= (this.#options.askEveryMs ?? 300_000)) {
      row.asked = now;
      row.revision = this.#revision;
      pend(row, now + (this.#options.debounceMs ?? 1000), now);
    }
  }

  /** What comes too late does not prolong anything. */
  #keep(row: Row, verdict: Verdict, now: number): void {
    const { keepEndedMs = 6 * HOUR_MS, keepFiringMs = 192 * HOUR_MS } = this.#options;
    if (verdict === 'change' || verdict === 'repeat') {
      row.toldAt = now;
      row.expiresAt = now + (row.status === 'resolved' ? keepEndedMs : keepFiringMs);
    }
  }

  #verdict(told: Told, row: Row | undefined, now: number): Verdict {
    const { status, start } = told;
    if (row === undefined || start > row.start) {
      return 'change';
    }
    if (isStale(told, row)) {
      return 'stale';
    }
    if (status === row.status) {
      return 'repeat';
    }
    const again = status === 'resolved' || now - row.toldAt >= (this.#options.againMs ?? 120_000);
    return again ? 'change' : 'late';
  }

  #change(row: Row, alert: StoredAlert, now: number): void {
    begin(row, alert, toldOf(alert));
    const { status } = alert.mapped.alert;
    Object.assign(row, { status, revision: this.#revision });
    if (status === 'firing') {
      pend(row, now + (this.#options.debounceMs ?? 1000), now);
      return;
    }
    row.over = toldOf(alert).end;
    if (row.place !== undefined && (row.pending !== undefined || row.place.status === 'firing')) {
      pend(row, now + (this.#options.debounceMs ?? 1000), now);
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

/** It belongs to an episode before that of the row. */
function isStale({ status, start, end }: Told, row: Row): boolean {
  const isOver = row.status === 'resolved' || (status === 'firing' && start < row.over);
  return (start < row.first && isOver) || (status === 'resolved' && start < row.start && end < row.start);
}

function newRow(alert: StoredAlert, { status, start }: Told): Row {
  return {
    alert,
    first: start,
    start,
    over: 0,
    status,
    toldAt: 0,
    revision: 0,
    expiresAt: 0,
    asked: Number.NEGATIVE_INFINITY,
    notes: new Map(),
  };
}

function toldOf({ mapped }: StoredAlert): Told {
  const { status, startsAt, endsAt } = mapped.alert;
  const ms = (time: string | undefined): number => (time === undefined ? 0 : Date.parse(time));
  return { status, start: ms(startsAt), end: ms(endsAt) };
}

/** Takes over what an alert says, with the earliest start of the episode; in another one the same notes are told again. */
function begin(row: Row, alert: StoredAlert, { start }: Told): void {
  const { startsAt: before, ...rest } = alert.mapped.alert;
  if (start > row.start) {
    Object.assign(row, { alert, start, first: start, asked: Number.NEGATIVE_INFINITY });
    for (const [note] of [...row.notes].filter(([, since]) => since === 0)) {
      row.notes.delete(note);
    }
    return;
  }
  row.first = start > 0 ? Math.min(row.first, start) : row.first;
  const startsAt = row.first > 0 ? new Date(row.first).toISOString() : before;
  row.alert = {
    ...alert,
    mapped: { ...alert.mapped, alert: { ...rest, ...(startsAt === undefined ? {} : { startsAt }) } },
  };
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
