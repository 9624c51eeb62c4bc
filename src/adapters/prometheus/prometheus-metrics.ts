import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { CounterLabels, DurationLabels, Metrics } from '../../ports/metrics.ts';

interface Figure<Labels> {
  readonly help: string;
  readonly labels: readonly (keyof Labels & string)[];
  /** Seconds; the usual ones when absent. */
  readonly buckets?: readonly number[];
}

const COUNTERS: {
  readonly [Name in keyof CounterLabels]: Figure<CounterLabels[Name]>;
} = {
  questions_total: { help: 'Questions that were accepted.', labels: ['cluster'] },
  answers_total: { help: 'Outcomes of questions.', labels: ['outcome'] },
  slack_requests_total: { help: 'Deliveries of Slack that were taken.', labels: ['kind'] },
  slack_requests_refused_total: { help: 'Requests to the Slack endpoint that were refused.', labels: ['reason'] },
  slack_calls_total: { help: 'Calls of the Slack Web API.', labels: ['method', 'outcome'] },
  slack_layout_fallbacks_total: { help: 'Messages that Slack took only in a plainer layout.', labels: ['tier'] },
  deliveries_total: { help: 'Outgoing messages that were settled.', labels: ['kind', 'outcome'] },
  duplicates_total: { help: 'Deliveries that came again and were not acted on.', labels: ['kind'] },
  alerts_received_total: { help: 'Alerts of accepted payloads.', labels: ['outcome'] },
  incidents_total: { help: 'Incidents that were opened, became parts of others, or ended.', labels: ['state'] },
  remediations_total: { help: 'Changes that came into a state.', labels: ['state'] },
  alert_payloads_total: { help: 'Deliveries to the endpoint for alerts.', labels: ['outcome'] },
};

const DURATIONS: {
  readonly [Name in keyof DurationLabels]: Figure<DurationLabels[Name]>;
} = {
  ack_seconds: { help: 'From the arrival of a Slack request to its acknowledgement.', labels: ['kind'] },
  diagnosis_seconds: { help: 'One diagnosis, reads included.', labels: ['cluster'] },
  answer_seconds: { help: 'From the question to its posted answer.', labels: [] },
  triage_pass_seconds: { help: 'One look of the triage at everything that is new or due.', labels: ['cluster'] },
  remediation_approval_seconds: {
    help: 'From the moment a change can be decided to its last approval.',
    labels: [],
    buckets: [5, 15, 30, 60, 120, 300, 600, 900, 1800],
  },
  remediation_execution_seconds: {
    help: 'From the claim of an approved change to its end, with looking whether it helped.',
    labels: [],
    buckets: [0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600],
  },
  alert_payload_seconds: { help: 'From the arrival of a payload of alerts to its answer.', labels: [] },
};

const BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const PREFIX = 'kubewhy_';

/** Figures with their text form. */
export interface PrometheusMetrics extends Metrics {
  /** A figure that is asked for when the metrics are read. */
  gauge(name: string, help: string, read: () => Promise<number>): void;
  /** The same for each cluster of the last reading; for none when it cannot be read. */
  gaugeOfClusters(name: string, help: string, read: () => Promise<ReadonlyMap<string, number>>): void;
  /** The same for each state that a change is in. */
  gaugeOfStates(name: string, help: string, read: () => Promise<ReadonlyMap<string, number>>): void;
  /** The exposition format, with its media type. */
  text(): Promise<{ readonly type: string; readonly body: string }>;
}

/** A registry of its own, so that several bots in one process do not meet. */
export function prometheusMetrics(): PrometheusMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: PREFIX });
  const counters = new Map(
    Object.entries(COUNTERS).map(([name, { help, labels }]) => [
      name,
      new Counter({ name: PREFIX + name, help, labelNames: [...labels], registers: [registry] }),
    ]),
  );
  const durations = new Map(
    Object.entries(DURATIONS).map(([name, { help, labels, buckets = BUCKETS }]) => [
      name,
      new Histogram({
        name: PREFIX + name,
        help,
        labelNames: [...labels],
        buckets: [...buckets],
        registers: [registry],
      }),
    ]),
  );
  return {
    count: (name, labels, by = 1) => counters.get(name)?.inc({ ...labels }, by),
    observe: (name, seconds, labels) => durations.get(name)?.observe({ ...labels }, seconds),
    ...gaugesOf(registry),
    text: async () => ({ type: registry.contentType, body: await registry.metrics() }),
  };
}

function gaugesOf(registry: Registry): Pick<PrometheusMetrics, 'gauge' | 'gaugeOfClusters' | 'gaugeOfStates'> {
  return {
    gauge(name, help, read) {
      const gauge = new Gauge({
        name: PREFIX + name,
        help,
        registers: [registry],
        async collect() {
          gauge.set(await read().catch(() => Number.NaN));
        },
      });
    },
    gaugeOfClusters: (name, help, read) => labelledGauge(registry, { name, help, label: 'cluster' }, read),
    gaugeOfStates: (name, help, read) => labelledGauge(registry, { name, help, label: 'state' }, read),
  };
}

function labelledGauge(
  registry: Registry,
  { name, help, label }: { readonly name: string; readonly help: string; readonly label: 'cluster' | 'state' },
  read: () => Promise<ReadonlyMap<string, number>>,
): void {
  const gauge = new Gauge({
    name: PREFIX + name,
    help,
    labelNames: [label],
    registers: [registry],
    async collect() {
      const figures = await read().catch(() => new Map<string, number>());
      gauge.reset();
      for (const [value, figure] of figures) {
        gauge.set({ [label]: value }, figure);
      }
    },
  });
}
