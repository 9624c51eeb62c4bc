import { describe, expect, it } from 'vitest';
import type { Check } from '../../../src/core/doctor/check.ts';
import { renderReport, reportDocument } from '../../../src/core/doctor/render-report.ts';

const checks: readonly Check[] = [
  { area: 'cluster', of: 'prod', id: 'cluster.connection', status: 'ok', says: 'The API server answers.' },
  { area: 'redis', id: 'redis.connection', status: 'skipped', says: 'Not configured: REDIS_URL is not set.' },
  {
    area: 'cluster',
    of: 'stage',
    id: 'cluster.connection',
    status: 'failure',
    says: 'The API server at \u001b[31m10.0.0.1 refuses connections: nothing listens there.',
    fix: 'Check the address in the kubeconfig, the network, VPN or proxy, and whether the API server runs.',
    lines: ['kind: ClusterRole', '  name: "\u202e"'],
  },
];

describe('renderReport', () => {
  it('has a section for each area and cluster, in a fixed order, and a summary', () => {
    expect(renderReport(checks, { width: 60, color: false })).toBe(
      [
        'Redis',
        '  - Not configured: REDIS_URL is not set.',
        '',
        'Cluster prod',
        '  ✓ The API server answers.',
        '',
        'Cluster stage',
        '  ✗ The API server at 10.0.0.1 refuses connections: nothing',
        '    listens there.',
        '    → Check the address in the kubeconfig, the network, VPN',
        '      or proxy, and whether the API server runs.',
        '      kind: ClusterRole',
        String.raw`        name: "\u{202e}"`,
        '',
        '1 failure, no warnings. 1 not looked at.',
      ].join('\n'),
    );
  });

  it.each([
    ['ok', 'Everything that was looked at is in order.'],
    ['warning', '1 warning.'],
  ] as const)('sums %s up', (status, words) => {
    const text = renderReport([{ area: 'redis', id: 'x', status, says: 'x' }], { width: 60, color: false });

    expect(text.split('\n').at(-1)).toBe(words);
  });
});

describe('reportDocument', () => {
  it('holds every check', () => {
    expect(reportDocument(checks)).toEqual({
      apiVersion: 'kubewhy.dev/v1',
      kind: 'DoctorReport',
      verdict: 'failures',
      checks,
    });
  });
});
