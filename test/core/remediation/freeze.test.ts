import { describe, expect, it } from 'vitest';
import { freezeReason } from '../../../src/core/remediation/freeze.ts';

const windows = [{ starts: '2026-01-31T12:00:00Z', ends: '2026-01-31T13:00:00Z' }];
const INSIDE = new Date('2026-01-31T12:00:00Z');

describe('a freeze', () => {
  it.each([
    [{}, 'prod', 'shop', true],
    [{ clusters: ['prod'] }, 'prod', 'shop', true],
    [{ clusters: ['stage'] }, 'prod', 'shop', false],
    [{ namespaces: ['sh*'] }, 'prod', 'shop', true],
    [{ namespaces: ['team-*'] }, 'prod', 'shop', false],
    // What is in no namespace may touch all of them.
    [{ namespaces: ['team-*'] }, 'prod', '', true],
  ])('%j for %s %s', (scope, cluster, namespace, frozen) => {
    const reason = freezeReason([{ name: 'release', windows, ...scope }], { cluster, namespace, now: INSIDE });

    expect(reason?.includes('"release"') ?? false).toBe(frozen);
  });

  it('ends when its window ends', () => {
    const now = new Date('2026-01-31T13:00:00Z');

    const reason = freezeReason([{ name: 'release', windows }], { cluster: 'prod', namespace: 'shop', now });

    expect(reason).toBeUndefined();
  });
});
