import type { TriageLease } from '../../ports/triage-store.ts';
import type { TriageDeps } from './triage-deps.ts';

/** What the steps of one pass share. */
export interface PassContext {
  readonly lease: TriageLease;
  /** The clock of the store. */
  readonly now: Date;
  readonly deps: TriageDeps;
}
