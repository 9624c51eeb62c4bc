/** An alert as it is sent. */
export interface SentAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** RFC 3339. */
  readonly startsAt: string;
}

/** Alerts that one notification of Alertmanager carries. */
export interface AlertGroup {
  readonly labels: Readonly<Record<string, string>>;
  readonly alerts: readonly SentAlert[];
}

/** What Alertmanager is usually told to group by. */
const GROUP_BY = ['alertname', 'namespace'] as const;
/** No end is known. */
const NEVER = '0001-01-01T00:00:00Z';

/** Alerts in groups of at most `most`; those of one rule are sent before those of the next. */
export function groupAlerts(alerts: readonly SentAlert[], most: number): readonly AlertGroup[] {
  const rules = Map.groupBy(alerts, ({ labels }) => labels['alertname']);
  return Array.from(rules.values()).flatMap((ofRule) => groupsOfRule(ofRule, most));
}

/** In the order in which groups are full; what is left over comes last. */
function groupsOfRule(alerts: readonly SentAlert[], most: number): readonly AlertGroup[] {
  const open = new Map<string, SentAlert[]>();
  const full: AlertGroup[] = [];
  for (const alert of alerts) {
    const key = JSON.stringify(groupLabels(alert));
    const group = open.get(key) ?? [];
    group.push(alert);
    open.set(key, group);
    if (group.length >= most) {
      full.push(groupOf(group));
      open.delete(key);
    }
  }
  return [...full, ...Array.from(open.values(), groupOf)];
}

function groupOf(alerts: readonly SentAlert[]): AlertGroup {
  const [first] = alerts;
  return { labels: first === undefined ? {} : groupLabels(first), alerts };
}

function groupLabels({ labels }: SentAlert): Readonly<Record<string, string>> {
  return Object.fromEntries(GROUP_BY.flatMap((name) => (labels[name] === undefined ? [] : [[name, labels[name]]])));
}

/** A group as Alertmanager's webhook version 4 says it; with an end (RFC 3339) its alerts are resolved. */
export function webhookPayload({ labels, alerts }: AlertGroup, endsAt?: string): object {
  const status = endsAt === undefined ? 'firing' : 'resolved';
  const matchers = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return {
    version: '4',
    groupKey: `{}:{${matchers.join(', ')}}`,
    truncatedAlerts: 0,
    status,
    receiver: 'kubewhy',
    groupLabels: labels,
    commonLabels: labels,
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example.org',
    alerts: alerts.map((alert) => ({
      status,
      ...alert,
      endsAt: endsAt ?? NEVER,
      generatorURL: 'http://prometheus.example.org/graph',
    })),
  };
}
