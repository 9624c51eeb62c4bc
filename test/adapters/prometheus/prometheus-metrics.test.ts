import { describe, expect, it } from 'vitest';
import { prometheusMetrics } from '../../../src/adapters/prometheus/prometheus-metrics.ts';

describe('the metrics', () => {
  it('count and measure under names of their own', async () => {
    const metrics = prometheusMetrics();
    metrics.count('answers_total', { outcome: 'answered' });
    metrics.count('alerts_received_total', { outcome: 'changed' }, 400);
    metrics.observe('diagnosis_seconds', 0.02, { cluster: 'prod' });
    metrics.gauge('outbox_waiting', 'Messages that wait.', async () => 7);

    const { body } = await metrics.text();

    expect(body).toContain('kubewhy_answers_total{outcome="answered"} 1');
    expect(body).toContain('kubewhy_alerts_received_total{outcome="changed"} 400');
    expect(body).toContain('kubewhy_diagnosis_seconds_count{cluster="prod"} 1');
    expect(body).toContain('kubewhy_outbox_waiting 7');
  });

  it('show a figure that cannot be read as not a number', async () => {
    const metrics = prometheusMetrics();
    metrics.gauge('outbox_waiting', 'Messages that wait.', () => Promise.reject(new Error('redis is down')));

    const { body } = await metrics.text();

    expect(body).toContain('kubewhy_outbox_waiting Nan');
  });
});
