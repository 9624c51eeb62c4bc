import type { Outcome, Question } from '../question/question.ts';
import type { RemediationRecord } from '../remediation/remediation.ts';
import type { RemediationState } from '../remediation/state.ts';
import type { Incident, IncidentPeople } from '../triage/incident.ts';

/** What a message says, before it is laid out for a chat system. */
export type Content =
  | {
      readonly kind: 'answer';
      readonly question: Question;
      readonly run: number;
      /** Its `considered` list is empty: the evidence file has it. */
      readonly outcome: Outcome;
      /** When the outcome was there, RFC 3339. */
      readonly at: string;
      /** The primary finding has a repair that somebody could approve. */
      readonly fix?: 'offered';
      /** How many approvals that repair needs, where it is known before it is proposed. */
      readonly approvals?: number;
    }
  | {
      readonly kind: 'waiting';
      readonly question: Question;
      readonly run: number;
      /** `again`: asked to check again; `slow`: it takes long; `no-diagnoser`: nothing that serves the cluster was seen lately. */
      readonly why: 'again' | 'slow' | 'no-diagnoser';
      /** RFC 3339, when the cluster's diagnoser was last seen. */
      readonly lastSeen?: string;
      /** The answer of the run before, which stays readable meanwhile. */
      readonly before?: Outcome;
    }
  /** The whole diagnosis as text: in the thread when short, else as a file. */
  | { readonly kind: 'evidence'; readonly question: Question; readonly run: number; readonly text: string }
  /** A sentence or two for one person. Text is plain: it is escaped when it is laid out. */
  | {
      readonly kind: 'notice';
      readonly text: string;
      readonly code?: readonly string[];
      /** Whose act the text goes on about, as in `asked to …`: an id of Slack, mentioned before it. */
      readonly by?: string;
    }
  | { readonly kind: 'home'; readonly home: HomeContent }
  /** The parent message of an incident. */
  | { readonly kind: 'incident'; readonly incident: IncidentCard }
  /** What else is known about an incident, in its thread: what each cause explains, what changed before, earlier ones. */
  | { readonly kind: 'incident-details'; readonly incident: IncidentCard }
  /** One thing that happened to an incident, in its thread. */
  | { readonly kind: 'incident-event'; readonly text: string; readonly mentions: readonly string[] }
  /** The parent message of many incidents. */
  | { readonly kind: 'digest'; readonly digest: DigestCard }
  /** A remediation, from its proposal to its end. */
  | { readonly kind: 'remediation'; readonly card: RemediationCard };

/** A remediation as it is shown. */
export interface RemediationCard {
  readonly record: RemediationRecord;
  /** IDs of the people and groups that may approve, for calling them once; at most 5. */
  readonly approvers: readonly string[];
  /** RFC 3339, when it was put together. */
  readonly at: string;
}

/** A remediation as a list of them shows it. */
export interface RemediationRow {
  readonly id: string;
  readonly title: string;
  readonly cluster: string;
  readonly state: RemediationState;
  /** RFC 3339, when that state began. */
  readonly since: string;
  /** RFC 3339; of those that wait for approval. */
  readonly expiresAt?: string;
  readonly votes: number;
  readonly required: number;
  readonly requester: string;
  /** Whether the reader may approve it. */
  readonly yours: boolean;
  readonly thread?: ThreadPlace;
}

/** An incident as it is shown. */
export interface IncidentCard {
  readonly incident: Incident;
  readonly people: IncidentPeople;
  /** The thread of the incident that it became a part of, where it was posted. */
  readonly mergedThread?: ThreadPlace;
  /** Whether an Alertmanager is configured for its cluster, so that it can be silenced. */
  readonly canSilence: boolean;
  /** RFC 3339, when it was put together. */
  readonly at: string;
}

/** A message that can be linked to. */
export interface ThreadPlace {
  readonly channel: string;
  readonly ts: string;
}

/** Many incidents at once. */
export interface DigestCard {
  readonly id: string;
  readonly cluster: string;
  readonly state: 'storm' | 'calm';
  /** RFC 3339. */
  readonly startedAt: string;
  /** Of all incidents in it. */
  readonly firing: number;
  readonly total: number;
  /** Root objects, and how many of them were asked about. */
  readonly objects: number;
  readonly looked: number;
  /** Incidents, those that are open, severe and have the most alerts first; at most 15. */
  readonly rows: readonly DigestRow[];
  readonly beyond: number;
  /** RFC 3339, when it was put together. */
  readonly at: string;
}

/** One incident of a digest. */
export interface DigestRow {
  readonly headline: string;
  readonly state: 'open' | 'resolved';
  readonly objects: number;
  readonly looked: number;
  readonly firing: number;
  readonly total: number;
  /** No cause is known of it: the headline says which alerts it has. */
  readonly unknown?: boolean;
  /** Its own thread, where it has one. */
  readonly thread?: ThreadPlace;
}

/** What somebody may do in a channel, for the help. */
export interface HelpContent {
  /** The slash command with its slash. */
  readonly command: string;
  /** The name of the bot as it is mentioned. */
  readonly botName: string;
  readonly version: string;
  readonly clusters: readonly string[];
  readonly defaultCluster?: string;
  readonly defaultNamespace?: string;
  /** Namespaces (or patterns) that may be asked about here; empty: none. */
  readonly namespaces: readonly string[];
  /** Changes may be approved, so that there are the commands `audit`, `stop` and `resume`. */
  readonly changes?: true;
  /** A word that was not understood, with what may have been meant. */
  readonly problem?: { readonly message: string; readonly suggestions: readonly Suggestion[] };
}

/** A question that a button asks. */
export interface Suggestion {
  /** Opaque; the store knows what it stands for. */
  readonly id: string;
  /** `deploy/web -n shop`. */
  readonly label: string;
}

/** The App Home of one person. */
export interface HomeContent {
  readonly help: HelpContent;
  readonly clusters: readonly ClusterStatus[];
  /** Absent where nobody may approve anything. */
  readonly remediations?: {
    /** That wait for approval where the person may see them, those that the person may approve first; at most 12. */
    readonly waiting: readonly RemediationRow[];
    /** The newest decisions; at most 10. */
    readonly recent: readonly RemediationRow[];
    /** What the person may approve, a line each: `T1, T2 in shop, team-* (prod)`. */
    readonly permissions: readonly string[];
    /** Clusters whose changes are switched off; `*`: all. */
    readonly stopped: readonly string[];
  };
  /** RFC 3339. */
  readonly at: string;
}

/** What a cluster's diagnoser last said about itself. */
export interface ClusterStatus {
  readonly cluster: string;
  /** RFC 3339; absent: never seen. */
  readonly lastSeen?: string;
  /** `reachable` as of `lastSeen`. */
  readonly state: 'reachable' | 'unreachable' | 'never-seen' | 'silent';
  /** The API server's version, or why it cannot be reached. */
  readonly detail?: string;
}
