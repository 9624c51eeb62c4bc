import { describe, expect, it } from 'vitest';
import {
  conditionMap,
  listFact,
  MISSING_OBJECT,
  objectFact,
  withoutBulk,
} from '../../../src/core/facts/object-fact.ts';

const configMap = {
  kind: 'ConfigMap',
  metadata: {
    name: 'app-config',
    namespace: 'shop',
    creationTimestamp: '2026-01-01T00:00:00Z',
    labels: { app: 'web' },
    annotations: { note: 'n'.repeat(2000) },
    finalizers: ['example.com/block', 'example.com/other'],
    managedFields: [
      { time: '2026-03-01T00:00:00Z', manager: 'web' },
      {
        time: '2026-02-01T00:00:00Z',
        manager: 'blocker',
        fieldsV1: { 'f:metadata': { 'f:finalizers': { 'v:"example.com/block"': {} } } },
      },
      {},
    ],
  },
  data: { a: '1' },
  binaryData: { b: 'AA==' },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
};

describe('an object', () => {
  it('has its keys, its newest change, its finalizers and its conditions', () => {
    const { managedFields: _, ...metadata } = configMap.metadata;

    expect(objectFact(configMap)).toEqual({
      exists: true,
      kind: 'ConfigMap',
      name: 'app-config',
      namespace: 'shop',
      labels: { app: 'web' },
      annotations: configMap.metadata.annotations,
      created: '2026-01-01T00:00:00Z',
      changed: '2026-03-01T00:00:00Z',
      keys: ['a', 'b'],
      finalizers: [
        { name: 'example.com/block', manager: 'blocker' },
        { name: 'example.com/other', manager: '' },
      ],
      conditions: { Ready: { status: 'True', reason: '', message: '', since: '' } },
      object: { ...configMap, metadata: { ...metadata, annotations: { note: 'n'.repeat(1024) } } },
    });
  });

  it.each([
    ['without managed fields', {}],
    ['with managed fields that have no time', { managedFields: [{}] }],
  ])('%s was changed when it was made', (_, more) => {
    const created = '2026-01-01T00:00:00Z';

    expect(objectFact({ metadata: { creationTimestamp: created, ...more } })['changed']).toBe(created);
  });

  it('that does not exist says only that', () => {
    expect(MISSING_OBJECT).toEqual({ exists: false });
  });

  it.each([{}, { metadata: null }, { metadata: [] }, { metadata: 'x' }])('%j keeps its form without bulk', (object) => {
    expect(withoutBulk(object)).toEqual(object);
  });
});

describe('a list', () => {
  it('has names, count and whether there are more', () => {
    const list = listFact([{ metadata: { name: 'a' } }, { metadata: { name: 'b' } }], true);

    expect({ ...list, items: undefined }).toEqual({ items: undefined, names: ['a', 'b'], count: 2, truncated: true });
  });

  it('of conditions is a map by type', () => {
    expect(
      conditionMap([{ type: 'A', status: 'False', reason: 'R', message: 'M', lastTransitionTime: 'T' }, {}]),
    ).toEqual({
      A: { status: 'False', reason: 'R', message: 'M', since: 'T' },
      '': { status: '', reason: '', message: '', since: '' },
    });
  });
});
