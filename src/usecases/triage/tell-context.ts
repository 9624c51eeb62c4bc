import type { TriageLease } from '../../ports/triage-store.ts';
import type { TriageDeps, Workspace } from './triage-deps.ts';

/** What telling needs. */
export interface TellContext {
  readonly lease: TriageLease;
  readonly workspace: Workspace;
  readonly deps: TriageDeps;
}

/** What came of telling something. */
export interface Told {
  /** A new version of the parent message was put. */
  readonly put: boolean;
  /** The parent is posted, and everything in its thread was put; else it is told again later. */
  readonly complete: boolean;
}
