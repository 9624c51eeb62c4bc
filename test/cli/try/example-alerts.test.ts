import { describe, expect, it } from 'vitest';
import { outageAlerts, stormAlerts } from '../../../src/cli/try/example-alerts.ts';

const NOW = Date.parse('2026-01-02T03:04:05.000Z');

describe('the alerts of the blog outage', () => {
  it('began as far apart as they were, the last of them just now', async () => {
    const alerts = await outageAlerts(NOW);

    expect(alerts.map(({ startsAt }) => startsAt.slice(11, 19)).toSorted()).toEqual([
      '03:02:45',
      '03:02:45',
      '03:03:15',
      '03:03:45',
      '03:03:45',
      '03:03:45',
    ]);
  });

  it('are about both workloads', async () => {
    const pods = (await outageAlerts(NOW)).map(({ labels }) => labels['pod'] ?? labels['deployment'] ?? '');

    expect(new Set(pods.map((name) => name.split('-').slice(0, 2).join('-')))).toEqual(new Set(['blog-api', 'i-web']));
  });
});

describe('the alerts of the storm', () => {
  it('are 2,000 different ones, first of nodes', async () => {
    const alerts = await stormAlerts(NOW);

    expect({
      all: new Set(alerts.map(({ labels }) => JSON.stringify(labels))).size,
      first: alerts[0],
    }).toMatchObject({
      all: 2000,
      first: { labels: { alertname: 'KubeNodeNotReady' }, startsAt: '2026-01-02T03:03:45.000Z' },
    });
  });
});
