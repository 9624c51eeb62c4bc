import type { ClusterReader } from '../../ports/cluster-reader.ts';
import type { Ids } from '../../ports/ids.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { TriageStore } from '../../ports/triage-store.ts';
import type { LoadedPlaybooks } from '../find-outcome.ts';
import type { HandOverDeps } from '../hand-over.ts';
import type { PodMemory } from '../pod-memory.ts';

/** The settings that triage follows; read anew in every pass, since they may change while it runs. */
export interface TriageSettings {
  readonly incidentsPerMinute: number;
  readonly calmMinutes: number;
  readonly forgetAfterHours: number;
  /** Where incidents go whose channel takes no messages. */
  readonly fallbackChannel?: string;
  /** Clusters whose alerts can be silenced; empty text stands for alerts without a cluster. */
  readonly silenceable: (cluster: string) => boolean;
}

/** The chat workspace, as the side that speaks with it has told. */
export interface Workspace {
  readonly team: string;
  /** The user of the bot itself. */
  readonly botUser: string;
}

/** How the cluster is asked. */
export type Asking =
  | {
      readonly kind: 'cluster';
      /** A reader for one question, which redacts; throws what opening a cluster throws. */
      readonly openReader: () => Promise<ClusterReader>;
      readonly playbooks: () => Promise<LoadedPlaybooks>;
      /** What is remembered from one pass to the next. */
      readonly pods?: PodMemory;
    }
  /** It cannot be asked; the reason is for people. */
  | { readonly kind: 'nobody'; readonly reason: string };

/** The ports of the triage. */
export interface TriageDeps extends HandOverDeps {
  readonly store: TriageStore;
  readonly asking: Asking;
  /** Distinct for everybody who does the triage of a cluster. */
  readonly holder: string;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Undefined until somebody has spoken with the chat; then nothing can be told yet. */
  readonly workspace: () => Promise<Workspace | undefined>;
  readonly settings: () => TriageSettings;
  /** How long a minute between two looks at an incident is; tests shorten it. */
  readonly minuteMs?: number;
}
