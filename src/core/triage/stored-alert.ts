import type { MappedAlert } from './alert-target.ts';

/** An alert as intake keeps it: what it is about and where it goes was decided when it came. Its labels are bounded, its trail is empty. */
export interface StoredAlert {
  readonly mapped: MappedAlert;
  /** The name of the cluster in the settings; empty when none could be told. */
  readonly cluster: string;
  /** The channel its incident is shown in. */
  readonly channel: string;
  /** The owner as the alert names it; hostile text. */
  readonly owner?: string;
  /** The ID of a person or group, out of the settings. */
  readonly mention?: string;
  /** The mute window that was open. */
  readonly muted?: string;
  /** Namespaces, with `*` as a wildcard, about which its sender may speak. */
  readonly readable: readonly string[];
  /** RFC 3339, by the clock of whoever took it. */
  readonly receivedAt: string;
  /** What was left out of the payload that it came with, a sentence for each; on one alert of a payload only. */
  readonly notes: readonly string[];
}

/** An alert that changed since triage last looked at it. */
export interface PendingAlert {
  readonly alert: StoredAlert;
  /** Counts its changes; what was done for an older revision does not count as done. */
  readonly revision: number;
  /** Where triage put it, and what it was then. */
  readonly was?: AlertPlace;
}

/** Where triage put an alert. */
export interface AlertPlace {
  readonly incident: string;
  /** The key of the root object in it. */
  readonly root: string;
  readonly status: 'firing' | 'resolved';
}
