/** Label or annotation names with their values; values are hostile text of bounded length. */
export type Labels = Readonly<Record<string, string>>;

/** One alert, whatever format it came in. Its URLs were not kept: nothing of an alert is ever fetched or linked. */
export interface Alert {
  /** Who delivered it, as the settings name the sender. */
  readonly sender: string;
  /** The receiver that the sender names; empty when it names none. */
  readonly receiver: string;
  /** What the sender groups by; opaque, without control characters; empty when it says nothing. */
  readonly groupKey: string;
  /** Stands for the label set; letters, digits, `-` and `_`, and a dot before the sender where it is the sender's own. */
  readonly fingerprint: string;
  readonly status: 'firing' | 'resolved';
  /** The label `alertname`; empty when there is none. */
  readonly name: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  /** RFC 3339 in UTC with milliseconds; absent when the sender says none that makes sense. */
  readonly startsAt?: string;
  /** When it ended, only of a resolved alert. */
  readonly endsAt?: string;
}

/** What was left out of a delivery, so that people can be told. */
export interface AlertCuts {
  /** The body was longer, or came slower, than what is read, so that its end is missing. */
  readonly bodyCut: boolean;
  /** Alerts that the sender left out by itself (`truncatedAlerts`). */
  readonly leftOutBySender: number;
  /** Alerts beyond the number that is read. */
  readonly beyondLimit: number;
  /** Entries that are no alert. */
  readonly unreadable: number;
  /** Values that were shortened. */
  readonly shortened: number;
  /** Labels and annotations that were dropped. */
  readonly dropped: number;
}

/** What one delivery holds. */
export interface AlertBatch {
  readonly sender: string;
  /** `alertmanager`, `grafana` or the name of a mapping. */
  readonly format: string;
  readonly alerts: readonly Alert[];
  readonly cuts: AlertCuts;
}

/** A delivery that was understood, or why it was not. */
export type AlertsResult =
  | { readonly kind: 'alerts'; readonly batch: AlertBatch }
  | { readonly kind: 'refused'; readonly reason: string };

/** The value of a label; an empty one counts as absent, as it does in Prometheus. */
export function labelOf(labels: Labels, name: string): string | undefined {
  const value = Object.hasOwn(labels, name) ? labels[name] : undefined;
  return value === '' ? undefined : value;
}

/** One episode of one alert in one cluster: repeats and copies of other replicas have the same key. */
export function alertKey({ fingerprint, startsAt }: Alert, cluster: string): string {
  return `al-${cluster}-${fingerprint}-${startsAt === undefined ? 0 : Date.parse(startsAt)}`;
}

/** What was left out, a sentence for each; empty when nothing was. */
export function cutSentences(cuts: AlertCuts): readonly string[] {
  return [
    ...(cuts.bodyCut ? ['the end of the payload was not read: it was longer than 8 MiB, or too slow to come'] : []),
    ...counted(cuts.leftOutBySender, 'alert was', 'alerts were', 'left out by the sender'),
    ...counted(cuts.beyondLimit, 'alert was', 'alerts were', 'left out: one payload may hold 10,000'),
    ...counted(cuts.unreadable, 'entry is', 'entries are', 'no alert and left out'),
    ...counted(cuts.shortened, 'label or annotation was', 'labels or annotations were', 'too long and shortened'),
    ...counted(cuts.dropped, 'label or annotation was', 'labels or annotations were', 'not usable and dropped'),
  ];
}

function counted(count: number, one: string, many: string, what: string): readonly string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? one : many} ${what}`];
}
