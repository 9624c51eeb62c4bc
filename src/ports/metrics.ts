import type { RemediationState } from '../core/remediation/state.ts';

/** Counters with the labels each has; names and label values are fixed in the code, never taken from outside. */
export interface CounterLabels {
  readonly questions_total: { readonly cluster: string };
  readonly answers_total: { readonly outcome: 'answered' | 'failed' | 'expired' };
  readonly slack_requests_total: { readonly kind: string };
  readonly slack_requests_refused_total: { readonly reason: string };
  readonly slack_calls_total: { readonly method: string; readonly outcome: string };
  readonly slack_layout_fallbacks_total: { readonly tier: string };
  readonly deliveries_total: { readonly kind: string; readonly outcome: string };
  readonly duplicates_total: { readonly kind: string };
  readonly alerts_received_total: { readonly outcome: 'changed' | 'repeated' | 'ignored' | 'no_channel' };
  readonly alert_payloads_total: {
    readonly outcome: 'accepted' | 'refused' | 'unauthorized' | 'unavailable' | 'busy' | 'aborted';
  };
  readonly remediations_total: { readonly state: RemediationState };
  readonly incidents_total: { readonly state: 'opened' | 'merged' | 'resolved' };
}

/** Durations with the labels each has. */
export interface DurationLabels {
  readonly ack_seconds: { readonly kind: string };
  readonly diagnosis_seconds: { readonly cluster: string };
  readonly answer_seconds: Readonly<Record<string, never>>;
  readonly alert_payload_seconds: Readonly<Record<string, never>>;
  readonly remediation_approval_seconds: Readonly<Record<string, never>>;
  readonly remediation_execution_seconds: Readonly<Record<string, never>>;
  readonly triage_pass_seconds: { readonly cluster: string };
}

/** Figures for Prometheus. */
export interface Metrics {
  /** Adds `by`, default 1. */
  count<Name extends keyof CounterLabels>(name: Name, labels: CounterLabels[Name], by?: number): void;
  /** Seconds. */
  observe<Name extends keyof DurationLabels>(name: Name, seconds: number, labels: DurationLabels[Name]): void;
}
