import { describe, expect, it } from 'vitest';
import { mapAlert } from '../../../src/core/triage/alert-target.ts';
import { type RoutingRules, routeAlert } from '../../../src/core/triage/routing.ts';
import { alertOf, mapped, ONE_CLUSTER } from './payloads.ts';

const NOW = new Date('2026-11-20T23:30:00Z');
const RULES: RoutingRules = {
  routes: [],
  channel: 'C0ALL',
  ignore: [],
  mute: [],
  owners: { labels: ['owner', 'team'], ids: { storefront: 'S0STORE' } },
};
const POD = { alertname: 'KubePodNotReady', namespace: 'shop', pod: 'web-0', severity: 'critical', team: 'storefront' };

describe('the channel of an alert', () => {
  it.each([
    [{ namespace: 'shop' }, 'C0SHOP'],
    [{ namespace: 'sh*' }, 'C0SHOP'],
    [{ namespace: 'kube-*' }, 'C0ALL'],
    [{ severity: 'critical', cluster: 'prod', alertname: 'KubePod*', sender: 'prometheus' }, 'C0SHOP'],
    [{ severity: 'critical', alertname: 'KubeNode*' }, 'C0ALL'],
    [{ labels: { team: 'store*' } }, 'C0SHOP'],
    [{ labels: { tier: '*' } }, 'C0SHOP'],
    [{ labels: { constructor: 'x' } }, 'C0ALL'],
    [{}, 'C0SHOP'],
  ])('with a route for %j is %s', (match, channel) => {
    const rules = { ...RULES, routes: [{ match, channel: 'C0SHOP' }] };

    expect(routeAlert(mapped(POD), rules, NOW)).toMatchObject({ kind: 'channel', channel });
  });

  it('is that of the first route that fits', () => {
    const routes = [
      { match: { namespace: 'other' }, channel: 'C01' },
      { match: { namespace: 'shop' }, channel: 'C02' },
      { match: {}, channel: 'C03' },
    ];

    expect(routeAlert(mapped(POD), { ...RULES, routes }, NOW)).toEqual({
      kind: 'channel',
      channel: 'C02',
      owner: 'storefront',
      trail: ['route 2: channel C02', 'team names the owner "storefront"'],
    });
  });

  it('follows the namespace of the object, not that of the exporter', () => {
    const labels = { ...POD, namespace: 'monitoring', exported_namespace: 'shop', exported_pod: 'web-0' };
    const routes = [{ match: { namespace: 'shop' }, channel: 'C0SHOP' }];

    expect(routeAlert(mapped(labels), { ...RULES, routes }, NOW)).toMatchObject({ channel: 'C0SHOP' });
  });

  it('may be none', () => {
    const { channel: _, ...rules } = RULES;

    expect(routeAlert(mapped({ alertname: 'X' }), rules, NOW)).toEqual({
      kind: 'no-channel',
      trail: ['no route fits, and there is no default channel'],
    });
  });

  it('is the default one for what could not be mapped', () => {
    expect(routeAlert(mapped({ alertname: 'X' }), RULES, NOW)).toMatchObject({ kind: 'channel', channel: 'C0ALL' });
  });
});

describe('whom an alert calls', () => {
  const routed = (mention: string, labels = {}, annotations = {}) =>
    routeAlert(
      mapAlert(alertOf({ ...POD, ...labels }, { annotations }), ONE_CLUSTER),
      { ...RULES, routes: [{ match: {}, channel: 'C01', mention }] },
      NOW,
    );

  it.each([
    ['the group of the owner', routed('owner'), 'S0STORE'],
    ['an owner of the annotations', routed('owner', { team: '' }, { owner: 'storefront' }), 'S0STORE'],
    ['nobody for an owner without an ID', routed('owner', { team: 'others' }), undefined],
    ['nobody that an alert names by itself', routed('owner', { owner: 'U0BOSS' }), undefined],
    ['nobody for an owner that is a word of the language', routed('owner', { owner: 'constructor' }), undefined],
    ['nobody without an owner', routed('owner', { team: '' }), undefined],
    ['whom the route names', routed('U0ANN'), 'U0ANN'],
  ])('is %s', (_what, routing, called) => {
    expect(routing.kind === 'channel' ? routing.mention : 'none').toBe(called);
  });
});

describe('an alert that is ignored', () => {
  it.each([
    ['Watchdog', []],
    ['KubeCPUOvercommit', ['KubeCPU*']],
  ])('%s', (alertname, ignore) => {
    expect(routeAlert(mapped({ alertname }), { ...RULES, ignore }, NOW).kind).toBe('ignored');
  });
});

describe('a mute window', () => {
  const muted = (window: RoutingRules['mute'][number]['windows'][number], now: string): boolean => {
    const mute = [{ name: 'night', match: { severity: 'critical' }, windows: [window] }];
    const routing = routeAlert(mapped(POD), { ...RULES, mute }, new Date(now));
    return routing.kind === 'channel' && routing.muted === 'night';
  };
  const night = { from: '22:00', to: '06:00' };
  const fridayNight = { ...night, days: ['fri' as const] };

  // 20 November 2026 is a Friday.
  it.each([
    [night, '2026-11-20T21:59:59Z', false],
    [night, '2026-11-20T22:00:00Z', true],
    [night, '2026-11-21T05:59:59Z', true],
    [night, '2026-11-21T06:00:00Z', false],
    [fridayNight, '2026-11-20T23:00:00Z', true],
    [fridayNight, '2026-11-21T05:00:00Z', true],
    [fridayNight, '2026-11-20T05:00:00Z', false],
    [fridayNight, '2026-11-21T23:00:00Z', false],
    [{ from: '09:00', to: '17:00', days: ['fri' as const] }, '2026-11-20T16:59:00Z', true],
    [{ from: '09:00', to: '17:00', days: ['fri' as const] }, '2026-11-20T17:00:00Z', false],
    [{ from: '00:00', to: '00:00', days: ['fri' as const] }, '2026-11-20T12:00:00Z', true],
    [{ from: '00:00', to: '00:00', days: ['fri' as const] }, '2026-11-21T12:00:00Z', false],
    [{ ...night, timezone: 'Europe/Berlin' }, '2026-11-20T21:00:00Z', true],
    [{ ...night, timezone: 'Europe/Berlin' }, '2026-11-21T05:00:00Z', false],
    [{ starts: '2026-11-20T22:00:00Z', ends: '2026-11-20T23:00:00Z' }, '2026-11-20T22:30:00Z', true],
    [{ starts: '2026-11-20T22:00:00Z', ends: '2026-11-20T23:00:00Z' }, '2026-11-20T23:00:00Z', false],
  ])('%j at %s: %s', (window, now, is) => {
    expect(muted(window, now)).toBe(is);
  });
});
