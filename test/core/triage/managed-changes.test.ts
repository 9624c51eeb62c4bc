import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/facts/json.ts';
import { managedChanges, mayHaveChanged } from '../../../src/core/triage/managed-changes.ts';

const window = { from: Date.parse('2026-01-31T11:00:00Z'), to: Date.parse('2026-01-31T12:01:00Z') };
const LONG_AGO = '2026-01-01T00:00:00Z';

function configMap(creationTimestamp: string, managedFields: readonly JsonObject[]): JsonObject {
  return { kind: 'ConfigMap', metadata: { name: 'app', namespace: 'shop', creationTimestamp, managedFields } };
}

function write(manager: string, time: string, more: JsonObject = {}): JsonObject {
  return { manager, operation: 'Update', time, ...more };
}

const object = 'ConfigMap shop/app';

describe('managedChanges', () => {
  it('tells who changed an object, the newest first', () => {
    const changed = configMap(LONG_AGO, [
      write('kubectl-create', LONG_AGO),
      write('kubectl-edit', '2026-01-31T11:10:00Z'),
      write('helm', '2026-01-31T11:20:00Z', { operation: 'Apply' }),
      write('late', '2026-01-31T12:01:01Z'),
    ]);

    expect(managedChanges(changed, window)).toEqual([
      { at: '2026-01-31T11:20:00Z', object, what: 'was changed by helm' },
      { at: '2026-01-31T11:10:00Z', object, what: 'was changed by kubectl-edit' },
    ]);
  });

  it('tells who created it', () => {
    const created = configMap('2026-01-31T11:20:00Z', [write('helm', '2026-01-31T11:20:01Z')]);

    expect(managedChanges(created, window)).toEqual([
      { at: '2026-01-31T11:20:00Z', object, what: 'was created by helm' },
    ]);
  });

  it('tells the time where no program is known', () => {
    const created = { kind: 'ConfigMap', metadata: { name: 'app', creationTimestamp: '2026-01-31T11:20:00Z' } };

    expect(managedChanges(created, window)).toEqual([
      { at: '2026-01-31T11:20:00Z', object: 'ConfigMap app', what: 'was created' },
    ]);
  });

  it.each([
    ['its status', write('operator', '2026-01-31T11:20:00Z', { subresource: 'status' })],
    ['a write without a time', { manager: 'kubectl', operation: 'Update', subresource: 'scale' }],
    ['something that is no write', write('x', '2026-01-31T11:20:00Z', { operation: 'Watch' })],
    ['no time', write('x', 'yesterday')],
  ])('ignores %s', (_, field) => {
    expect(managedChanges(configMap(LONG_AGO, [field]), window)).toEqual([]);
  });

  it('ignores Kubernetes itself where that is asked for', () => {
    const changed = configMap(LONG_AGO, [write('kube-controller-manager', '2026-01-31T11:20:00Z')]);

    expect(managedChanges(changed, window, { caretakers: false })).toEqual([]);
    expect(managedChanges(changed, window)).toHaveLength(1);
  });

  it('prints hostile names safely', () => {
    const changed = configMap(LONG_AGO, [write('\u001b[2Jhelm\n<!channel>', '2026-01-31T11:20:00Z')]);

    expect(managedChanges(changed, window).map(({ what }) => what)).toEqual(['was changed by helm <!channel>']);
  });
});

describe('mayHaveChanged', () => {
  it.each([
    ['nothing is known', configMap(LONG_AGO, []), true],
    [
      'only its status was written',
      configMap(LONG_AGO, [write('x', '2026-01-31T11:20:00Z', { subresource: 'status' })]),
      true,
    ],
    ['it was written later', configMap(LONG_AGO, [write('x', '2026-01-31T13:00:00Z')]), true],
    [
      'it was written before',
      configMap(LONG_AGO, [write('x', LONG_AGO), { manager: 'y', subresource: 'scale' }]),
      false,
    ],
  ])('when %s', (_, changed, expected) => {
    expect(mayHaveChanged(changed, window)).toBe(expected);
  });
});
