import type { FindingState } from '../diagnosis/finding.ts';
import type { SubjectQuery } from '../subject/subject.ts';

/**
 * What one Slack thread stands for: alerts with one root object or one shared cause in one cluster. Written by the triage of
 * its cluster only; all times are RFC 3339 by the clock of the store.
 */
export interface Incident {
  /** `i-` and 16 characters. */
  readonly id: string;
  /** The name of the cluster in the settings; empty when none could be told. */
  readonly cluster: string;
  readonly channel: string;
  readonly state: 'open' | 'resolved';
  readonly openedAt: string;
  /** When the first of its alerts began, never after `openedAt`. */
  readonly since: string;
  /** When its state, its alerts or its causes changed last. */
  readonly changedAt: string;
  readonly resolvedAt?: string;
  /** `alerts`: every alert was resolved; `cluster`: nothing is wrong there any more although alerts still fire; `silence`: nothing was heard of it for long; `merged`: it went on in another incident. */
  readonly resolvedBy?: 'alerts' | 'cluster' | 'silence' | 'merged';
  /** The incident that it became a part of. */
  readonly mergedInto?: string;
  /** The highest severity that its alerts name; empty: none. Hostile text. */
  readonly severity: string;
  /** Names of alerts, the first first; at most 20. Hostile text. */
  readonly names: readonly string[];
  /** Owners as alerts name them; at most 5. Hostile text. */
  readonly owners: readonly string[];
  /** IDs of people and groups to call once, out of the settings; at most 5. */
  readonly mentions: readonly string[];
  /** The mute window in which it was opened. */
  readonly muted?: string;
  /** Namespaces, with `*` as a wildcard, about which its senders may speak. */
  readonly readable: readonly string[];
  /** Root objects; those beyond 500 are only counted. */
  readonly roots: readonly IncidentRoot[];
  readonly rootsBeyond: number;
  /** Distinct causes, that which explains most first; at most 20. */
  readonly causes: readonly IncidentCause[];
  /** Alerts that fire now, and all that ever belonged to it. */
  readonly firing: number;
  readonly total: number;
  /** What changed before it began. */
  readonly changes: readonly ClusterChange[];
  /** Earlier incidents with the same signature, the newest first; at most 3. */
  readonly before: readonly PastIncident[];
  /** What was left out or could not be mapped, a sentence for each; at most 10. */
  readonly notes: readonly string[];
  /** What happened to it, in order; each is told once in its thread. At most 50, the oldest are dropped. */
  readonly events: readonly IncidentEvent[];
  /** How often the cluster was looked at since its alerts or its causes changed last. */
  readonly looks: number;
  /** How often in a row nothing was found to be wrong. */
  readonly healthyLooks: number;
  /** A cause was found since it was opened, or opened again: only then can the cluster say that it is over. */
  readonly explained?: true;
  /** When the cluster is looked at again; absent once it is resolved. */
  readonly nextLookAt?: string;
  /** When an alert of it was last heard of. */
  readonly heardAt: string;
  /** The digest that shows it instead of a parent message of its own. */
  readonly digest?: string;
}

/** An object that alerts are about, after its owner was found. */
export interface IncidentRoot {
  /** `Deployment shop/web`, `Node worker-1`, `unmapped 1f2e…`: the same object has always the same key. */
  readonly key: string;
  /** For people; made of checked names, or hostile where it says why there is no name. */
  readonly title: string;
  /** What to ask; absent when nothing can be asked about it. */
  readonly query?: SubjectQuery;
  /** Why it was not asked about. */
  readonly reason?: string;
  /** What stands like it, for taking samples: `KubePodNotReady shop`. */
  readonly signature: string;
  /** Alerts of it that fire. */
  readonly firing: number;
  /** When the first of them began; of nodes only. */
  readonly since?: string;
  /** What is known about it. */
  readonly look:
    | 'waiting'
    /** It was asked about. */
    | 'done'
    /** Others that stand like it were asked about, and this one was not. */
    | 'left-out'
    /** It cannot be asked about, or the cluster did not answer; `reason` says why. */
    | 'impossible';
  /** The key of its cause; absent: not known. With `left-out` the cause of those that stand like it. */
  readonly cause?: string;
  /** The first line of the newest answer about it, without a full stop; the cause may be named after another object's answer. */
  readonly says?: string;
}

/** One distinct cause of an incident. */
export interface IncidentCause {
  /** Distinct within its incident: what is to blame with the name of the playbook, or the root object that itself is broken. */
  readonly key: string;
  /** What is to blame, as a key: `ConfigMap shop/app`, `Node worker-1`; absent: the same as `key`. */
  readonly blames?: string;
  /** The name of the playbook; empty when no cause was found. */
  readonly code: string;
  /** The title of the playbook. */
  readonly title?: string;
  /** The first line of the answer, without a full stop. */
  readonly headline: string;
  readonly state: FindingState | 'unknown' | 'healthy' | 'failed';
  /** The object whose answer stands for it. */
  readonly root: string;
  /** That object only depends on what is to blame; the answer of one that is itself broken says more. */
  readonly follows?: true;
  /** When the answer was there. */
  readonly at: string;
  /** Counts answers with another headline or state. */
  readonly version: number;
}

/** Something that changed in the cluster shortly before; a coincidence in time and no proof. */
export interface ClusterChange {
  readonly at: string;
  /** `Deployment shop/web`. */
  readonly object: string;
  /** `image of web changed from web:1 to web:2`; without a full stop. */
  readonly what: string;
}

/** How an incident with the same signature went. */
export interface PastIncident {
  readonly id: string;
  readonly openedAt: string;
  readonly resolvedAt: string;
  readonly resolvedBy: NonNullable<Incident['resolvedBy']>;
  readonly headline: string;
  /** Its thread, where it was posted. */
  readonly thread?: { readonly channel: string; readonly ts: string };
}

/** Something that is told in the thread. */
export interface IncidentEvent {
  /** Distinct within its incident. */
  readonly id: string;
  readonly at: string;
  readonly kind: 'resolved' | 'reopened' | 'merged' | 'cause' | 'joined' | 'note';
  /** One or two sentences; plain text that may be hostile. */
  readonly text: string;
}

/** What people did with an incident. */
export interface IncidentPeople {
  readonly acknowledged?: { readonly user: string; readonly at: string };
  readonly snoozed?: { readonly user: string; readonly until: string };
  readonly silences: readonly IncidentSilence[];
}

/** A silence that was made in Alertmanager. */
export interface IncidentSilence {
  /** Its id there. */
  readonly id: string;
  /** The name of the Alertmanager in the settings. */
  readonly alertmanager: string;
  readonly user: string;
  readonly at: string;
  readonly until: string;
  /** As people write them: `alertname="X"`. Hostile text. */
  readonly matchers: readonly string[];
  /** Who undid it. */
  readonly undoneBy?: string;
}

/** An incident with what people did and how often either changed. */
export interface IncidentRecord {
  readonly incident: Incident;
  readonly people: IncidentPeople;
  /** Grows with every change; the version of what is shown. */
  readonly revision: number;
}

/** Many incidents in one message, because there were too many at once. */
export interface Digest {
  /** `d-` and 16 characters. */
  readonly id: string;
  readonly cluster: string;
  readonly channel: string;
  readonly state: 'storm' | 'calm';
  readonly startedAt: string;
  /** When the last incident was opened in this channel. */
  readonly lastNewAt: string;
  /** When incidents of it last got messages of their own. */
  readonly releasedAt?: string;
  /** Incidents that it shows, the oldest first; at most 500, the others are counted. */
  readonly incidents: readonly string[];
  readonly beyond: number;
  readonly revision: number;
}

/** What is remembered of a channel to tell a storm: when incidents were opened in the last minute, and its digest. */
export interface ChannelLoad {
  readonly channel: string;
  readonly openedAt: readonly string[];
  readonly digest?: Digest;
}
