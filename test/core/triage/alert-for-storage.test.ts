import { describe, expect, it } from 'vitest';
import type { Labels } from '../../../src/core/triage/alert.ts';
import { alertForStorage, wantedLabels } from '../../../src/core/triage/alert-for-storage.ts';
import { mapAlert } from '../../../src/core/triage/alert-target.ts';
import type { AlertRouting } from '../../../src/core/triage/routing.ts';
import type { StoredAlert } from '../../../src/core/triage/stored-alert.ts';
import { alertOf, ONE_CLUSTER } from './payloads.ts';

const FACTS = { wanted: ['cluster', 'team'], readable: ['shop'], receivedAt: '2026-11-20T02:00:00.000Z' };
const CHANNEL: AlertRouting = { kind: 'channel', channel: 'C0ALL', trail: ['route 1'] };

function store(labels: Labels, annotations: Labels = {}, routing = CHANNEL): StoredAlert | undefined {
  return alertForStorage({ mapped: mapAlert(alertOf(labels, { annotations }), ONE_CLUSTER), routing }, FACTS);
}

const many = (count: number): Labels =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`other_${index}`, 'v']));

describe('alertForStorage', () => {
  it('keeps what an alert is about and where it goes, without the way there', () => {
    const labels = { alertname: 'KubePodNotReady', namespace: 'shop', pod: 'web-0' };
    const routing: AlertRouting = { ...CHANNEL, owner: 'storefront', mention: 'S0STORE', muted: 'night' };

    expect(store(labels, { summary: 'Not ready.' }, routing)).toEqual({
      mapped: { ...mapAlert(alertOf(labels, { annotations: { summary: 'Not ready.' } }), ONE_CLUSTER), trail: [] },
      cluster: 'prod',
      channel: 'C0ALL',
      owner: 'storefront',
      mention: 'S0STORE',
      muted: 'night',
      readable: ['shop'],
      receivedAt: '2026-11-20T02:00:00.000Z',
      notes: [],
    });
  });

  it('keeps first the labels that say what it is about, and those that the settings speak of', () => {
    const stored = store({ ...many(90), team: 'a', pod: 'web-0', namespace: 'shop', alertname: 'KubePodNotReady' });

    const names = Object.keys(stored?.mapped.alert.labels ?? {});
    expect(names.slice(0, 4)).toEqual(['alertname', 'namespace', 'pod', 'team']);
    expect(names.length).toBe(40);
  });

  it('keeps few annotations, the telling ones first', () => {
    const stored = store({ alertname: 'X' }, { ...many(30), team: 'a', summary: 'It is broken.' });

    const names = Object.keys(stored?.mapped.alert.annotations ?? {});
    expect(names.slice(0, 2)).toEqual(['summary', 'team']);
    expect(names.length).toBe(10);
  });

  it('shortens what is long, without breaking characters', () => {
    const long = '😀'.repeat(600);
    const stored = store({ alertname: long, job: long }, { summary: long }, { ...CHANNEL, owner: long });

    const { alert } = stored?.mapped ?? {};
    expect(alert?.labels['job']).toBe(`${'😀'.repeat(255)}…`);
    expect(alert?.annotations['summary']).toBe(`${'😀'.repeat(511)}…`);
    expect([alert?.name, stored?.owner]).toEqual([alert?.labels['alertname'], `${'😀'.repeat(255)}…`]);
  });

  it('shortens the job of something that could not be scraped', () => {
    const stored = store({ alertname: 'TargetDown', job: 'j'.repeat(1000) });

    expect(stored?.mapped.target).toEqual({ kind: 'scrape-target', job: `${'j'.repeat(255)}…` });
  });

  it('has no place for what goes nowhere', () => {
    expect(store({ alertname: 'X' }, {}, { kind: 'no-channel', trail: [] })).toBeUndefined();
    expect(store({ alertname: 'X' }, {}, { kind: 'ignored', trail: [] })).toBeUndefined();
  });
});

describe('wantedLabels', () => {
  it('are those of which routes, mutes and owners speak', () => {
    const routing = {
      routes: [
        { match: { labels: { tier: 'web*' } }, channel: 'C01' },
        { match: { namespace: 'shop' }, channel: 'C02' },
      ],
      ignore: [],
      mute: [{ name: 'night', match: { labels: { tier: '*', window: 'night' } }, windows: [] }],
      owners: { labels: ['team'], ids: {} },
    };

    expect(wantedLabels('kubernetes_cluster', routing)).toEqual(['kubernetes_cluster', 'team', 'tier', 'window']);
  });
});
