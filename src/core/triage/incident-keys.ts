import type { Incident } from './incident.ts';
import { workloadKeys } from './root-key.ts';
import { openIncidents, type TriageState } from './triage-state.ts';

/** The keys that lead to an incident: its root objects and what is to blame for them, each once. */
export function incidentKeys({ roots, causes }: Incident): readonly string[] {
  const own = roots.flatMap(({ key, cause }) => (cause === undefined ? [key] : [key, cause]));
  const keys = [...own, ...causes.map(({ key }) => key)];
  return [...new Set(keys.flatMap((key) => [key, ...workloadKeys(key)]))];
}

/** Which open incident the keys of a cluster lead to; the oldest has the first claim. */
export class KeyIndex {
  readonly #ids = new Map<string, string>();

  constructor(state: Pick<TriageState, 'incidents'>) {
    openIncidents(state).forEach((incident) => {
      this.add(incident);
    });
  }

  add(incident: Incident): void {
    for (const key of incidentKeys(incident)) {
      this.addKey(incident, key);
    }
  }

  addKey({ cluster, id }: Pick<Incident, 'cluster' | 'id'>, key: string): void {
    const entry = `${cluster}\n${key}`;
    if (!this.#ids.has(entry)) {
      this.#ids.set(entry, id);
    }
  }

  find(cluster: string, key: string): string | undefined {
    return this.#ids.get(`${cluster}\n${key}`);
  }
}
