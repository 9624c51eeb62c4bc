import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type AlertBatch, alertKey, cutSentences } from '../../../src/core/triage/alert.ts';
import type { AlertMapping } from '../../../src/core/triage/mapped-payload.ts';
import { readAlerts } from '../../../src/core/triage/read-alerts.ts';
import { alertOf, STARTS_AT, wireAlert, wirePayload } from './payloads.ts';

const LABELS = { alertname: 'KubePodCrashLooping', namespace: 'shop', pod: 'web-0' };
const NO_CUTS = { bodyCut: false, leftOutBySender: 0, beyondLimit: 0, unreadable: 0, shortened: 0, dropped: 0 };
const EXAMPLES = join(import.meta.dirname, '../../../examples/alerts');

function read(body: unknown, rest: { format?: string; mappings?: readonly AlertMapping[]; bodyCut?: boolean } = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return readAlerts(text, { sender: 'prometheus', format: 'auto', mappings: [], ...rest });
}

function batchOf(body: unknown, rest: Parameters<typeof read>[1] = {}): AlertBatch {
  const result = read(body, rest);
  if (result.kind === 'refused') {
    throw new Error(result.reason);
  }
  return result.batch;
}

function reasonOf(body: unknown, rest: Parameters<typeof read>[1] = {}): string {
  const result = read(body, rest);
  return result.kind === 'refused' ? result.reason : 'accepted';
}

describe('the webhook of Alertmanager', () => {
  it('is read', () => {
    expect(batchOf(wirePayload([wireAlert(LABELS)]))).toEqual({
      sender: 'prometheus',
      format: 'alertmanager',
      alerts: [
        {
          sender: 'prometheus',
          receiver: 'kubewhy',
          groupKey: '{}:{namespace="shop"}',
          fingerprint: 'c4b2f0a1d3e59a77',
          status: 'firing',
          name: 'KubePodCrashLooping',
          labels: LABELS,
          annotations: { summary: 'Pod is crash looping.' },
          startsAt: '2026-11-20T01:49:00.123Z',
        },
      ],
      cuts: NO_CUTS,
    });
  });

  it('of 0.15, without fingerprints and truncatedAlerts', () => {
    const { truncatedAlerts: _, ...old } = wirePayload([wireAlert(LABELS, { fingerprint: undefined })]) as Record<
      string,
      unknown
    >;

    const [alert] = batchOf(old).alerts;

    expect(alert?.fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(batchOf(old)).toEqual(batchOf(old));
  });

  it('of 0.34, with what came since', () => {
    const payload = wirePayload([wireAlert(LABELS)], {
      notification_reason: 'repeat interval elapsed',
      routeLabels: { team: 'x' },
      truncatedAlerts: 7,
      further: [1],
    });

    expect(batchOf(payload).cuts).toEqual({ ...NO_CUTS, leftOutBySender: 7 });
  });

  it('may hold alerts that fire and alerts that are over', () => {
    const over = { status: 'resolved', endsAt: '2026-11-20T04:00:00+02:00' };
    const notYet = { status: 'firing', endsAt: '2026-11-20T09:00:00Z' };

    const { alerts } = batchOf(wirePayload([wireAlert(LABELS, over), wireAlert(LABELS, notYet)]));

    expect(alerts.map(({ status, endsAt }) => [status, endsAt])).toEqual([
      ['resolved', '2026-11-20T02:00:00.000Z'],
      ['firing', undefined],
    ]);
  });

  it.each([
    [{ startsAt: '0001-01-01T00:00:00Z' }],
    [{ startsAt: 'yesterday' }],
    [{ startsAt: {} }],
    [{ startsAt: '2026-99-99T00:00:00Z' }],
  ])('without a time at which it began: %j', (rest) => {
    const [alert] = batchOf(wirePayload([wireAlert(LABELS, rest)])).alerts;

    expect(alert).toBeDefined();
    expect(alert).not.toHaveProperty('startsAt');
  });

  it('takes the status of the payload where an alert has none', () => {
    const { alerts } = batchOf(wirePayload([wireAlert(LABELS, { status: undefined })], { status: 'resolved' }));

    expect(alerts.map(({ status }) => status)).toEqual(['resolved']);
  });

  it('without labels is an alert without a name', () => {
    const { alerts } = batchOf(wirePayload([wireAlert({}, { labels: undefined })]));

    expect(alerts.map(({ name, labels }) => [name, labels])).toEqual([['', {}]]);
  });

  it('without any alert is one with nothing in it', () => {
    expect(batchOf(wirePayload([])).alerts).toEqual([]);
  });

  it.each([
    ['{"a":', 'it is not JSON'],
    ['', 'it is not JSON'],
    ['null', 'it is not the webhook of Alertmanager: it has no list `alerts`'],
    ['[]', 'it has no list `alerts`'],
    [wirePayload([], { version: '3' }), 'it has version "3", not "4"'],
    [wirePayload([], { version: 4 }), 'accepted'],
    [wirePayload([], { version: '\u001b[31m4' }), 'it has version "4", not'],
    [wirePayload([], { version: undefined }), 'it has no `version`; a custom payload needs a mapping'],
    [wirePayload([], { alerts: {} }), 'it has no list `alerts`'],
    [wirePayload(['x', 1, null]), 'none of the 3 entries of its list is an alert'],
    [{ text: 'a payload of our own', priority: 1 }, 'a custom payload needs a mapping'],
  ])('%j: %s', (body, reason) => {
    expect(reasonOf(body)).toContain(reason);
  });

  it('leaves out what is too much, and says so', () => {
    const many = Array.from({ length: 10_002 }, (_, index) => wireAlert({ ...LABELS, pod: `web-${index}` }));
    const long = wireAlert(
      { ...LABELS, text: 'x'.repeat(2000), list: [1], 'a\nb': 'c', __name__: 'up' },
      { annotations: { description: 'y'.repeat(1024 * 1024) } },
    );

    const { alerts, cuts } = batchOf(wirePayload([long, 'no alert', ...many]));

    expect(cuts).toEqual({ ...NO_CUTS, beyondLimit: 4, unreadable: 1, shortened: 2, dropped: 3 });
    expect(alerts).toHaveLength(9999);
    expect([alerts[0]?.labels['text']?.length, alerts[0]?.annotations['description']?.length]).toEqual([1024, 4096]);
    expect(cutSentences(cuts)).toEqual([
      '4 alerts were left out: one payload may hold 10,000',
      '1 entry is no alert and left out',
      '2 labels or annotations were too long and shortened',
      '3 labels or annotations were not usable and dropped',
    ]);
  });

  it('keeps what is no good out of keys', () => {
    const payload = wirePayload([wireAlert(LABELS, { fingerprint: '../..\n' })], {
      groupKey: 'a\u0000b',
      receiver: `x${'y'.repeat(5000)}`,
    });

    const [alert] = batchOf(payload).alerts;

    expect([alert?.groupKey, alert?.receiver, alert?.fingerprint]).toEqual([
      expect.stringMatching(/^digest-[0-9a-f]{16}$/),
      expect.stringMatching(/^digest-[0-9a-f]{16}$/),
      expect.stringMatching(/^[0-9a-f]{16}$/),
    ]);
  });

  it('is not confused by names of its own language', () => {
    const text = `{"version":"4","alerts":[{"status":"firing","labels":{"__proto__":"x","constructor":"y","toString":"z"}}]}`;

    const [alert] = batchOf(text).alerts;

    expect(alert?.labels).toEqual({ constructor: 'y', toString: 'z' });
    expect(alert?.name).toBe('');
  });
});

describe('a payload whose end is missing', () => {
  const whole = JSON.stringify(wirePayload([wireAlert(LABELS), wireAlert({ ...LABELS, pod: 'a"]}\\' })]));
  const second = whole.indexOf('{"status"', whole.indexOf('{"status"') + 1);

  it.each([
    ['in the second alert', whole.slice(0, second + 60), 1],
    ['behind the labels of the second alert', whole.slice(0, whole.indexOf('annotations', second)), 1],
    ['between them', whole.slice(0, second), 1],
    ['behind the last', whole.slice(0, whole.indexOf('groupLabels')), 2],
  ])('%s has the alerts that are whole', (_where, text, count) => {
    const { alerts, cuts } = batchOf(text, { bodyCut: true });

    expect([alerts.length, cuts.bodyCut]).toEqual([count, true]);
  });

  it('is refused when none is', () => {
    expect(reasonOf(whole.slice(0, 60), { bodyCut: true })).toBe('not one whole alert is among what was read of it');
  });

  it.each([1, 7, 13])('never has half an alert, cut at every %i th place', (step) => {
    for (let end = 0; end < whole.length; end += step) {
      const result = read(whole.slice(0, end), { bodyCut: true });

      const alerts = result.kind === 'alerts' ? result.batch.alerts : [];
      expect(alerts.every(({ startsAt }) => startsAt !== undefined)).toBe(true);
    }
  });
});

describe('the webhook of Grafana', () => {
  it('is recognised and read', () => {
    const { format, alerts } = batchOf(readFileSync(join(EXAMPLES, 'grafana.json'), 'utf8'));

    expect(format).toBe('grafana');
    expect(alerts.map(({ name, startsAt, labels }) => [name, startsAt, labels['deployment']])).toEqual([
      ['Shop answers slowly', '2020-02-12T02:05:30.000Z', 'blog-api'],
    ]);
  });

  it('of the legacy alerting is refused', () => {
    const legacy = { title: '[Alerting] Slow', ruleId: 1, ruleName: 'Slow', state: 'alerting', evalMatches: [] };

    expect(reasonOf(legacy, { format: 'grafana' })).toContain('legacy alerting');
    expect(reasonOf({}, { format: 'grafana' })).toContain('not the webhook of Grafana');
  });
});

describe('another webhook', () => {
  const mapping: AlertMapping = {
    name: 'robusta',
    list: 'data.alerts',
    labelsFrom: 'labels',
    annotationsFrom: 'notes',
    labels: { alertname: 'title', pod: 'subject.0.name', severity: 'priority' },
    annotations: { summary: 'description' },
    resolved: { path: 'failure', values: ['FALSE', 'ok'] },
    startsAt: 'starts_at',
    endsAt: 'ends_at',
    fingerprint: 'key',
  };
  const one = {
    title: 'Shop is down',
    description: 'Nobody can buy',
    priority: 1,
    failure: true,
    subject: [{ name: 'web-0' }],
    labels: { namespace: 'shop', list: [] },
    notes: null,
    starts_at: 1_795_139_340,
    key: 'shop-down',
  };
  const options = { format: 'robusta', mappings: [mapping] };

  it('is read by its mapping', () => {
    const over = { ...one, failure: false, ends_at: '1795139400000', key: undefined };

    const { alerts, cuts, format } = batchOf({ data: { alerts: [one, over] } }, options);

    const labels = { namespace: 'shop', alertname: 'Shop is down', pod: 'web-0', severity: '1' };
    const common = {
      sender: 'prometheus',
      receiver: '',
      groupKey: '',
      name: 'Shop is down',
      labels,
      annotations: { summary: 'Nobody can buy' },
      startsAt: '2026-11-20T01:49:00.000Z',
    };
    expect(alerts).toEqual([
      { ...common, status: 'firing', fingerprint: 'shop-down' },
      {
        ...common,
        status: 'resolved',
        fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
        endsAt: '2026-11-20T01:50:00.000Z',
      },
    ]);
    expect([format, cuts.dropped]).toEqual(['robusta', 2]);
  });

  it('can be one alert', () => {
    const { list: _, ...single } = mapping;

    expect(batchOf(one, { format: 'robusta', mappings: [single] }).alerts).toHaveLength(1);
  });

  it.each([
    [{ data: {} }, 'it has no list at `data.alerts`, as the mapping robusta says'],
    [{ data: { alerts: [{ other: 1 }] } }, 'none of the 1 entries'],
    ['"text"', 'it is not an object or a list'],
  ])('%j is refused: %s', (body, reason) => {
    expect(reasonOf(body, options)).toContain(reason);
  });

  it('without a mapping is refused', () => {
    expect(reasonOf(one, { format: 'robusta' })).toBe('there is no mapping robusta in the settings');
  });
});

describe('alertKey', () => {
  it('is the same for the same episode', () => {
    const alert = alertOf(LABELS);

    expect(alertKey(alert, 'prod')).toBe(`al-prod-0123456789abcdef-${Date.parse(STARTS_AT)}`);
    expect(alertKey(alertOf(LABELS, { status: 'resolved' }), 'prod')).toBe(alertKey(alert, 'prod'));
  });
});
