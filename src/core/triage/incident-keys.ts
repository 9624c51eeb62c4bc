import { blamedBy } from './cause-list.ts';
import type { Incident } from './incident.ts';
import { workloadKeys } from './root-key.ts';
import { openIncidents, type TriageState } from './triage-state.ts';

/**
 * What leads to an incident of a cluster: the key of a root object, or of what is to blame, with the channel. Each channel
 * has incidents of its own.
 */
export function keyEntry(channel: string, key: string): string {
  return `${channel} ${key}`;
}

/** The entries that lead to an incident: its root objects and what is to blame for them, each once. */
export function incidentKeys({ channel, roots, causes }: Incident): readonly string[] {
  const own = roots.flatMap(({ key, cause }) => (cause === undefined ? [key] : [key, cause]));
  const keys = [...own, ...causes.flatMap((cause) => [cause.key, blamedBy(cause)])];
  return [...new Set(keys.flatMap((key) => [key, ...workloadKeys(key)]))].map((key) => keyEntry(channel, key));
}

/** Where something belongs. */
type Where = Pick<Incident, 'cluster' | 'channel'>;

/** Which open incident the keys of a cluster and channel lead to; the oldest has the first claim. */
export class KeyIndex {
  readonly #ids = new Map<string, string>();

  constructor(state: Pick<TriageState, 'incidents'>) {
    openIncidents(state).forEach((incident) => {
      this.add(incident);
    });
  }

  add(incident: Incident): void {
    for (const entry of incidentKeys(incident)) {
      this.#addEntry(incident, entry);
    }
  }

  addKey(incident: Where & Pick<Incident, 'id'>, key: string): void {
    this.#addEntry(incident, keyEntry(incident.channel, key));
  }

  find({ cluster, channel }: Where, key: string): string | undefined {
    return this.#ids.get(`${cluster}\n${keyEntry(channel, key)}`);
  }

  #addEntry({ cluster, id }: Pick<Incident, 'cluster' | 'id'>, entry: string): void {
    const name = `${cluster}\n${entry}`;
    if (!this.#ids.has(name)) {
      this.#ids.set(name, id);
    }
  }
}
