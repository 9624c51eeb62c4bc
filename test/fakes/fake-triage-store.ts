import type {
  ChannelLoad,
  Digest,
  IncidentPeople,
  IncidentRecord,
  IncidentSilence,
  PastIncident,
} from '../../src/core/triage/incident.ts';
import type { StoredAlert } from '../../src/core/triage/stored-alert.ts';
import type { Accepted, AlertIntake } from '../../src/ports/alert-intake.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { IncidentDesk } from '../../src/ports/incident-desk.ts';
import type { TriageAnswer, TriageChange, TriageLease, TriageStore, TriageWork } from '../../src/ports/triage-store.ts';
import type { FakeTriageOptions } from './fake-alert-records.ts';
import { FakeIncidentRows, type IncidentRow } from './fake-incident-rows.ts';
import { FakeStore } from './fake-store.ts';
import { blankCluster, type ClusterRow, nextOf } from './fake-triage-cluster.ts';

const DAY_MS = 86_400_000;

/** Alerts, incidents and what people do with them in memory, for all three ports at once. */
export class FakeTriageStore extends FakeStore implements AlertIntake, TriageStore, IncidentDesk {
  readonly #clock: Clock;
  readonly #options: FakeTriageOptions;
  readonly #clusters = new Map<string, ClusterRow>();
  readonly #incidents: FakeIncidentRows;
  readonly #digests = new Map<string, Digest>();
  readonly #answers = new Map<string, TriageAnswer>();

  constructor(clock: Clock, options: FakeTriageOptions = {}) {
    super();
    this.#clock = clock;
    this.#options = options;
    this.#incidents = new FakeIncidentRows(options.keepMs ?? 14 * DAY_MS);
  }

  async accept(alerts: readonly StoredAlert[]): Promise<Accepted> {
    this.check();
    let changed = 0;
    for (const [cluster, some] of Map.groupBy(alerts, (alert) => alert.cluster)) {
      changed += this.#cluster(cluster).alerts.accept(some, this.#now(), (id) => this.#incidents.hear(id, this.#now()));
      this.#announce(cluster);
    }
    return { changed, repeated: alerts.length - changed };
  }

  async take(cluster: string, holder: string): Promise<TriageLease | undefined> {
    this.check();
    const fence = this.#cluster(cluster).lease.take(holder, this.#now(), this.#leaseMs());
    return fence === undefined ? undefined : { cluster, fence };
  }

  async renew({ cluster, fence }: TriageLease): Promise<boolean> {
    this.check();
    return this.#cluster(cluster).lease.prolong(fence, this.#now(), this.#leaseMs());
  }

  async release({ cluster, fence }: TriageLease): Promise<void> {
    this.check();
    this.#cluster(cluster).lease.prolong(fence, this.#now(), 0);
  }

  async work(cluster: string): Promise<TriageWork> {
    this.check();
    const now = this.#now();
    const { alerts, untold } = this.#cluster(cluster);
    for (const id of this.#incidents.endSnoozes(cluster, now)) {
      untold.add(id);
    }
    const { due, oldestMs } = alerts.pending(now);
    return {
      now: new Date(now),
      alerts: due.slice(0, 2000),
      more: due.length > 2000,
      untold: nextOf(untold, 200),
      due: this.#incidents.due(cluster, now).slice(0, 50),
      oldestMs,
    };
  }

  async oldestMs(cluster: string): Promise<number> {
    this.check();
    return this.#cluster(cluster).alerts.pending(this.#now()).oldestMs;
  }

  async records(ids: readonly string[]): Promise<ReadonlyMap<string, IncidentRecord>> {
    this.check();
    return new Map(
      ids.flatMap((id) => {
        const record = this.#incidents.record(id, this.#now());
        return record === undefined ? [] : [[id, record] as const];
      }),
    );
  }

  async open(cluster: string): Promise<readonly string[]> {
    this.check();
    return this.#incidents.open(cluster).slice(0, 500);
  }

  async lookUp(cluster: string, keys: readonly string[]): Promise<ReadonlyMap<string, string>> {
    this.check();
    const { keys: known } = this.#cluster(cluster);
    return new Map(
      keys.flatMap((key) => {
        const id = known.get(key);
        return id !== undefined && this.#incidents.get(id, this.#now())?.incident.state === 'open'
          ? [[key, id] as const]
          : [];
      }),
    );
  }

  async loads(cluster: string, channels: readonly string[]): Promise<readonly ChannelLoad[]> {
    this.check();
    return channels.flatMap((channel) => {
      const load = this.#cluster(cluster).loads.get(channel);
      const digest = load?.digest === undefined ? undefined : this.#digests.get(load.digest.id);
      return load === undefined ? [] : structuredClone({ ...load, ...(digest === undefined ? {} : { digest }) });
    });
  }

  async digests(ids: readonly string[]): Promise<readonly Digest[]> {
    this.check();
    return ids.flatMap((id) => structuredClone(this.#digests.get(id)) ?? []);
  }

  async past(cluster: string, signature: string): Promise<readonly PastIncident[]> {
    this.check();
    return structuredClone(this.#cluster(cluster).past.get(signature) ?? []);
  }

  async save(lease: TriageLease, change: TriageChange): Promise<'saved' | 'lost'> {
    this.check();
    if (!this.#holds(lease)) {
      return 'lost';
    }
    const row = this.#cluster(lease.cluster);
    for (const incident of structuredClone(change.incidents)) {
      this.#incidents.save(incident, this.#now());
      row.untold.add(incident.id);
    }
    this.#saveKeys(row, change);
    for (const { fingerprint, revision, ...place } of change.placed) {
      row.alerts.place(fingerprint, revision, place, this.#now());
    }
    for (const load of structuredClone(change.loads)) {
      this.#saveLoad(row, load);
    }
    for (const { signature, past } of structuredClone(change.ended)) {
      const others = (row.past.get(signature) ?? []).filter(({ id }) => id !== past.id);
      row.past.set(signature, [past, ...others].slice(0, 5));
    }
    this.#announce(lease.cluster);
    return 'saved';
  }

  async told(lease: TriageLease, id: string, revision: number): Promise<void> {
    this.check();
    const known = this.#incidents.get(id, this.#now())?.revision ?? this.#digests.get(id)?.revision ?? 0;
    if (this.#holds(lease) && known <= revision) {
      this.#cluster(lease.cluster).untold.delete(id);
    }
  }

  async putAnswer(incident: string, cause: string, answer: TriageAnswer): Promise<void> {
    this.check();
    this.#answers.set(`${incident} ${cause}`, structuredClone(answer));
  }

  async answer(incident: string, cause: string): Promise<TriageAnswer | undefined> {
    this.check();
    return structuredClone(this.#answers.get(`${incident} ${cause}`));
  }

  onWork(cluster: string, listener: () => void): () => void {
    const { listeners } = this.#cluster(cluster);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  async read(id: string): Promise<IncidentRecord | undefined> {
    this.check();
    return this.#incidents.record(id, this.#now());
  }

  async acknowledge(id: string, user: string): Promise<boolean> {
    this.check();
    const row = this.#incidents.get(id, this.#now());
    if (row === undefined || row.people.acknowledged !== undefined) {
      return false;
    }
    this.#changePeople(row, { ...row.people, acknowledged: { user, at: this.#clock.now().toISOString() } });
    return true;
  }

  async snooze(id: string, user: string, forMs: number): Promise<void> {
    this.check();
    const row = this.#incidents.get(id, this.#now());
    if (row === undefined || (forMs <= 0 && row.people.snoozed === undefined)) {
      return;
    }
    const { snoozed: _snoozed, ...people } = row.people;
    const until = new Date(this.#now() + forMs).toISOString();
    this.#changePeople(row, forMs > 0 ? { ...people, snoozed: { user, until } } : people);
  }

  async saveSilence(id: string, silence: IncidentSilence): Promise<void> {
    this.check();
    const row = this.#incidents.get(id, this.#now());
    if (row !== undefined) {
      const others = row.people.silences.filter((known) => known.id !== silence.id);
      const silences = [...others, structuredClone(silence)].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
      this.#changePeople(row, { ...row.people, silences });
    }
  }

  #changePeople(row: IncidentRow, people: IncidentPeople): void {
    row.people = people;
    row.revision += 1;
    this.#cluster(row.incident.cluster).untold.add(row.incident.id);
    this.#announce(row.incident.cluster);
  }

  #saveKeys({ keys }: ClusterRow, change: TriageChange): void {
    const saved = change.incidents.map(({ id }) => id);
    for (const [key, incident] of keys) {
      if (saved.includes(incident)) {
        keys.delete(key);
      }
    }
    for (const { key, incident } of change.keys) {
      keys.set(key, incident);
    }
  }

  #saveLoad({ loads, untold }: ClusterRow, load: ChannelLoad): void {
    const { channel, openedAt, digest } = load;
    if (digest !== undefined) {
      const revision = (this.#digests.get(digest.id)?.revision ?? 0) + 1;
      this.#digests.set(digest.id, { ...digest, revision });
      untold.add(digest.id);
    }
    if (openedAt.length === 0 && digest === undefined) {
      loads.delete(channel);
    } else {
      loads.set(channel, load);
    }
  }

  #holds({ cluster, fence }: TriageLease): boolean {
    return this.#cluster(cluster).lease.holds(fence, this.#now());
  }

  #cluster(name: string): ClusterRow {
    const known = this.#clusters.get(name);
    if (known !== undefined) {
      return known;
    }
    const row = blankCluster(this.#options);
    this.#clusters.set(name, row);
    return row;
  }

  #announce(cluster: string): void {
    for (const listener of this.#cluster(cluster).listeners) {
      listener();
    }
  }

  #leaseMs(): number {
    return this.#options.leaseMs ?? 10_000;
  }

  #now(): number {
    return this.#clock.now().getTime();
  }
}
