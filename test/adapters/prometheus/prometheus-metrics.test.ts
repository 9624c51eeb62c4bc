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

  it('show a figure of each cluster that there is at that time, and none when it cannot be read', async () => {
    const metrics = prometheusMetrics();
    let figures: ReadonlyMap<string, number> | undefined;
    metrics.gaugeOfClusters('triage_oldest_seconds', 'How long alerts wait.', async () => {
      if (figures === undefined) {
        throw new Error('redis is down');
      }
      return figures;
    });
    const lines = async () =>
      (await metrics.text()).body.split('\n').filter((line) => line.startsWith('kubewhy_triage_oldest_seconds'));

    figures = new Map([
      ['prod', 2.5],
      ['', 0],
    ]);
    const first = await lines();
    figures = new Map([['stage', 1]]);
    const second = await lines();
    figures = undefined;

    expect([first, second, await lines()]).toEqual([
      ['kubewhy_triage_oldest_seconds{cluster="prod"} 2.5', 'kubewhy_triage_oldest_seconds{cluster=""} 0'],
      ['kubewhy_triage_oldest_seconds{cluster="stage"} 1'],
      [],
    ]);
  });

  it('show how many changes are in each state', async () => {
    const metrics = prometheusMetrics();
    metrics.gaugeOfStates('remediations_open', 'Open changes.', async () => new Map([['approved', 2]]));
    metrics.count('remediations_total', { state: 'succeeded' });
    metrics.observe('remediation_approval_seconds', 400, {});

    const { body } = await metrics.text();

    expect(body).toContain('kubewhy_remediations_open{state="approved"} 2');
    expect(body).toContain('kubewhy_remediations_total{state="succeeded"} 1');
    expect(body).toContain('kubewhy_remediation_approval_seconds_bucket{le="300"} 0');
    expect(body).toContain('kubewhy_remediation_approval_seconds_bucket{le="600"} 1');
  });

  it('show a figure that cannot be read as not a number', async () => {
    const metrics = prometheusMetrics();
    metrics.gauge('outbox_waiting', 'Messages that wait.', () => Promise.reject(new Error('redis is down')));

    const { body } = await metrics.text();

    expect(body).toContain('kubewhy_outbox_waiting Nan');
  });
});
