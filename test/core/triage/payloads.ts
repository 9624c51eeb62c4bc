import type { Alert, Labels } from '../../../src/core/triage/alert.ts';
import type { ClusterRules } from '../../../src/core/triage/alert-cluster.ts';
import { type MappedAlert, mapAlert } from '../../../src/core/triage/alert-target.ts';

export const STARTS_AT = '2026-11-20T01:49:00.000Z';
export const ONE_CLUSTER: ClusterRules = { clusters: ['prod'], clusterLabel: 'cluster', clusterNames: {} };

/** An alert with these labels that fires. */
export function alertOf(labels: Labels, rest: Partial<Alert> = {}): Alert {
  return {
    sender: 'prometheus',
    receiver: 'kubewhy',
    groupKey: '{}:{}',
    fingerprint: '0123456789abcdef',
    status: 'firing',
    name: labels['alertname'] ?? '',
    labels,
    annotations: {},
    startsAt: STARTS_AT,
    ...rest,
  };
}

/** An alert with these labels, mapped. */
export function mapped(labels: Labels, rules: ClusterRules = ONE_CLUSTER): MappedAlert {
  return mapAlert(alertOf(labels), rules);
}

/** One alert as Alertmanager writes it. */
export function wireAlert(labels: object, rest: object = {}): object {
  return {
    status: 'firing',
    labels,
    annotations: { summary: 'Pod is crash looping.' },
    startsAt: '2026-11-20T01:49:00.123456789Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus.example.org/graph',
    fingerprint: 'c4b2f0a1d3e59a77',
    ...rest,
  };
}

/** A payload as Alertmanager writes it. */
export function wirePayload(alerts: readonly unknown[], rest: object = {}): object {
  return {
    receiver: 'kubewhy',
    status: 'firing',
    alerts,
    groupLabels: { namespace: 'shop' },
    commonLabels: { namespace: 'shop' },
    commonAnnotations: {},
    externalURL: 'http://alertmanager.example.org',
    version: '4',
    groupKey: '{}:{namespace="shop"}',
    truncatedAlerts: 0,
    ...rest,
  };
}
