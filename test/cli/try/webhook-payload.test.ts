import { describe, expect, it } from 'vitest';
import { groupAlerts, type SentAlert, webhookPayload } from '../../../src/cli/try/webhook-payload.ts';

function alert(labels: Readonly<Record<string, string>>): SentAlert {
  return { labels, annotations: { summary: 'x' }, startsAt: '2026-01-02T03:04:05.000Z' };
}

const NODE = alert({ alertname: 'KubeNodeNotReady', node: 'n' });
const [SHOP, CRM] = ['shop', 'crm'].map((namespace) => alert({ alertname: 'KubePodNotReady', namespace, pod: 'p' }));

describe('groups of alerts', () => {
  it('are full, or hold what is left; one rule comes after the other', () => {
    const groups = groupAlerts([NODE, ...[SHOP, CRM, SHOP, SHOP].flatMap((one) => one ?? [])], 2);

    expect(groups.map(({ labels, alerts }) => [labels['namespace'] ?? labels['alertname'], alerts.length])).toEqual([
      ['KubeNodeNotReady', 1],
      ['shop', 2],
      ['crm', 1],
      ['shop', 1],
    ]);
  });

  it('are nothing without alerts', () => {
    expect(groupAlerts([], 2)).toEqual([]);
  });
});

describe('the payload of a group', () => {
  it.each([
    ['firing', undefined],
    ['resolved', '2026-01-02T03:10:00.000Z'],
  ])('is one of Alertmanager that is %s', (status, endsAt) => {
    const [group = { labels: {}, alerts: [] }] = groupAlerts([NODE], 2);

    const payload = webhookPayload(group, endsAt);

    expect(payload).toMatchObject({
      version: '4',
      groupKey: '{}:{alertname="KubeNodeNotReady"}',
      status,
      groupLabels: { alertname: 'KubeNodeNotReady' },
      alerts: [{ status, ...NODE, endsAt: endsAt ?? '0001-01-01T00:00:00Z' }],
    });
  });
});
