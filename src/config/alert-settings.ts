/** Somebody who delivers alerts; its token is in the environment. */
export interface AlertSenderSettings {
  readonly name: string;
  /** `auto`, `alertmanager`, `grafana` or the name of a mapping. */
  readonly format: string;
  /** The cluster of its alerts that name none. */
  readonly cluster?: string;
  /** Namespaces, with `*` as a wildcard, about which it may speak. */
  readonly namespaces: readonly string[];
}

/** An Alertmanager in which silences can be made; its token is in the environment. */
export interface AlertmanagerSettings {
  readonly name: string;
  /** Where its API is, without `/api/v2`. */
  readonly url: string;
  /** The clusters whose alerts it sends; all when absent. */
  readonly clusters?: readonly string[];
}

/** Pods that are watched without any alert. */
export interface AlertWatchSettings {
  /** All clusters when absent. */
  readonly clusters?: readonly string[];
  readonly namespaces: readonly string[];
  /** For how long something must be wrong. */
  readonly afterSeconds: number;
}

/** How the payload of some other webhook is read; a path is keys and indexes joined by dots. */
export interface AlertMappingSettings {
  readonly name: string;
  /** The list of alerts; absent: the payload is one. The other paths begin at an alert. */
  readonly list?: string;
  readonly labelsFrom?: string;
  readonly annotationsFrom?: string;
  /** Label names with paths. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly resolved?: { readonly path: string; readonly values: readonly string[] };
  readonly startsAt?: string;
  readonly endsAt?: string;
  readonly fingerprint?: string;
}

/** Which alerts are meant: every key that is there must fit; `*` stands for any characters. */
export interface AlertMatchSettings {
  readonly alertname?: string;
  readonly cluster?: string;
  readonly namespace?: string;
  readonly severity?: string;
  readonly sender?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Where alerts go. */
export interface AlertRouteSettings {
  readonly match: AlertMatchSettings;
  readonly channel: string;
  /** `owner`, or the ID of a person or group. */
  readonly mention?: string;
}

/** Every week, or once. */
export type MuteWindowSettings =
  | {
      readonly from: string;
      readonly to: string;
      readonly days?: readonly ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun')[];
      readonly timezone?: string;
    }
  | { readonly starts: string; readonly ends: string };

/** When some alerts call nobody. */
export interface AlertMuteSettings {
  readonly name: string;
  readonly match: AlertMatchSettings;
  readonly windows: readonly MuteWindowSettings[];
}

/** What alerts are about, and where they go. */
export interface AlertSettings {
  readonly senders: readonly AlertSenderSettings[];
  readonly mappings: readonly AlertMappingSettings[];
  /** The label in which alerts name their cluster. */
  readonly clusterLabel: string;
  /** What that label says, with the names of `clusters`. */
  readonly clusterNames: Readonly<Record<string, string>>;
  /** The first that fits decides. */
  readonly routes: readonly AlertRouteSettings[];
  /** Where everything else goes. */
  readonly channel?: string;
  readonly ignore: readonly string[];
  readonly mute: readonly AlertMuteSettings[];
  /** Where incidents go whose channel takes no messages. */
  readonly fallbackChannel?: string;
  /** When many incidents become one message. */
  readonly storm: { readonly incidentsPerMinute: number; readonly calmMinutes: number };
  /** IDs of people and groups; `*` stands for everyone who may ask in the channel. */
  readonly people: { readonly acknowledge: readonly string[]; readonly silence: readonly string[] };
  readonly alertmanagers: readonly AlertmanagerSettings[];
  readonly watch: readonly AlertWatchSettings[];
  /** An incident of which nothing was heard for so long, and whose cluster cannot say how it stands, is over. */
  readonly forgetAfterHours: number;
  readonly owners: { readonly labels: readonly string[]; readonly ids: Readonly<Record<string, string>> };
}
