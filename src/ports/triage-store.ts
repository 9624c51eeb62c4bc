import type { Outcome } from '../core/question/question.ts';
import type { SessionRecording } from '../core/recording/recording.ts';
import type { ChannelLoad, Digest, Incident, IncidentRecord, PastIncident } from '../core/triage/incident.ts';
import type { AlertPlace, PendingAlert } from '../core/triage/stored-alert.ts';

/** The right to do the triage of one cluster; it ends by itself when it is not renewed. */
export interface TriageLease {
  readonly cluster: string;
  /** Another lease of the same cluster has a higher one. */
  readonly fence: number;
}

/** What there is to do in a cluster. */
export interface TriageWork {
  /** The clock of the store. */
  readonly now: Date;
  /** Alerts that changed and waited long enough, those that wait for longest first; at most 2,000. */
  readonly alerts: readonly PendingAlert[];
  /** Whether more of them are due. */
  readonly more: boolean;
  /** Incidents and digests of which the newest revision was not told; at most 200. */
  readonly untold: readonly string[];
  /** Incidents whose time to be looked at again has come; at most 50. */
  readonly due: readonly string[];
  /** How long the alert waits that waits for longest; 0: none waits. */
  readonly oldestMs: number;
}

/** An answer about a root object, kept until it is shown in a thread. */
export interface TriageAnswer {
  readonly outcome: Outcome;
  readonly recording?: SessionRecording;
}

/** Everything that one look changed; stored as a whole or not at all. */
export interface TriageChange {
  readonly incidents: readonly Incident[];
  /** Keys of root objects and causes with the channel (`keyEntry`), each with the incident it leads to: all that lead to the open ones of `incidents`. */
  readonly keys: readonly { readonly key: string; readonly incident: string }[];
  /** Alerts that are placed, as they were when they were read. */
  readonly placed: readonly (AlertPlace & { readonly fingerprint: string; readonly revision: number })[];
  readonly loads: readonly ChannelLoad[];
  /** Incidents that ended, by what they are recognised by; the newest 5 of a signature are kept for 90 days. */
  readonly ended: readonly { readonly signature: string; readonly past: PastIncident }[];
}

/** What the triage of one cluster keeps; whoever holds the lease writes. Every call throws STORE_UNAVAILABLE. */
export interface TriageStore {
  /** Takes the lease of a cluster for 10 seconds, or undefined while somebody else has it. */
  take(cluster: string, holder: string): Promise<TriageLease | undefined>;
  /** Prolongs it for 10 seconds; false when it was lost. */
  renew(lease: TriageLease): Promise<boolean>;
  release(lease: TriageLease): Promise<void>;
  work(cluster: string): Promise<TriageWork>;
  /** How long the alert waits that waits for longest, as in `TriageWork`; takes nothing. */
  oldestMs(cluster: string): Promise<number>;
  /** Records by id; those that are not known or cannot be read are left out, the latter are neither due nor untold for a while. */
  records(ids: readonly string[]): Promise<ReadonlyMap<string, IncidentRecord>>;
  /** Ids of open incidents of a cluster, the oldest first; at most 500. */
  open(cluster: string): Promise<readonly string[]>;
  /** Which open incident each key leads to; keys that lead nowhere are left out. */
  lookUp(cluster: string, keys: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** What is remembered of channels; those of which nothing is are left out. */
  loads(cluster: string, channels: readonly string[]): Promise<readonly ChannelLoad[]>;
  digests(ids: readonly string[]): Promise<readonly Digest[]>;
  past(cluster: string, signature: string): Promise<readonly PastIncident[]>;
  /** Stores a change when the lease still holds; the revision of every incident and digest in it grows and is untold. `lost`: nothing was stored. */
  save(lease: TriageLease, change: TriageChange): Promise<'saved' | 'lost'>;
  /** The incident or digest was told as of that revision; a newer one stays untold. */
  told(lease: TriageLease, id: string, revision: number): Promise<void>;
  /**
   * Keeps the newest answer about a root object of a cluster that answers for a cause, by its key with the channel
   * (`keyEntry`): what an answer may name is not the same in all channels.
   */
  putAnswer(cluster: string, entry: string, answer: TriageAnswer): Promise<void>;
  answer(cluster: string, entry: string): Promise<TriageAnswer | undefined>;
  /** Calls back when there may be something to do in a cluster; returns how to stop listening. */
  onWork(cluster: string, listener: () => void): () => void;
}
