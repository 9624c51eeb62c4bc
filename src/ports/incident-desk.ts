import type { IncidentRecord, IncidentSilence } from '../core/triage/incident.ts';

/** What people change about incidents; each change makes the incident untold. Every call throws STORE_UNAVAILABLE. */
export interface IncidentDesk {
  read(id: string): Promise<IncidentRecord | undefined>;
  /** False when somebody has acknowledged it already. */
  acknowledge(id: string, user: string): Promise<boolean>;
  /** Until that many milliseconds from now; 0 ends it. */
  snooze(id: string, user: string, forMs: number): Promise<void>;
  /** Adds a silence, or replaces the one with the same id. */
  saveSilence(id: string, silence: IncidentSilence): Promise<void>;
}
