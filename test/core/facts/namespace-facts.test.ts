import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/facts/json.ts';
import { checkedNamespace, namespaceFacts, namespaceScope } from '../../../src/core/facts/namespace-facts.ts';

const NOW = '2026-01-31T12:00:00Z';

function before(seconds: number): string {
  return new Date(Date.parse(NOW) - seconds * 1000).toISOString();
}

function condition(type: string, status: string, message = ''): JsonObject {
  return { type, status, reason: 'x', message, lastTransitionTime: NOW };
}

const CLEAN = [
  condition('NamespaceDeletionDiscoveryFailure', 'False'),
  condition('NamespaceDeletionContentFailure', 'False'),
  condition('NamespaceContentRemaining', 'False'),
];
const LEFT = [
  ...CLEAN.slice(0, 2),
  condition(
    'NamespaceContentRemaining',
    'True',
    'Some resources are remaining: widgets.example.com has 1 resource instances',
  ),
];
const NO_DISCOVERY = [condition('NamespaceDeletionDiscoveryFailure', 'True', 'Discovery failed for some groups')];

function namespace(deletedFor: number | undefined, conditions: readonly JsonObject[] = []): JsonObject {
  return {
    metadata: {
      name: 'shop',
      uid: 'u1',
      creationTimestamp: before(5000),
      ...(deletedFor === undefined ? {} : { deletionTimestamp: before(deletedFor) }),
    },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: deletedFor === undefined ? 'Active' : 'Terminating', conditions },
  };
}

/** A pod whose grace period ended so many seconds ago. */
function pod(name: string, endedFor: number): JsonObject {
  return { metadata: { name, deletionTimestamp: before(endedFor), finalizers: [] } };
}

describe('a namespace', () => {
  it('that nobody deletes is healthy', () => {
    const facts = namespaceFacts(namespace(undefined), [], NOW);

    expect(facts.state).toEqual({
      verdict: 'healthy',
      status: 'Active',
      deletingSeconds: 0,
      ageSeconds: 5000,
      slow: false,
      troubles: [],
    });
    expect(checkedNamespace(facts)).toEqual(['phase Active', 'it is not being deleted']);
  });

  it.each([
    ['for seconds only', namespace(15, LEFT), [], { verdict: 'stopping', slow: false }],
    ['with content left after a minute', namespace(61, LEFT), [], { verdict: 'trouble', slow: true }],
    [
      'with pods that may still end',
      namespace(3000, LEFT),
      [pod('a', -300), pod('b', 20)],
      { verdict: 'stopping', slow: false },
    ],
    [
      'with one pod of them that does not end',
      namespace(3000, CLEAN),
      [pod('a', -300), pod('b', 31)],
      { verdict: 'trouble', slow: true },
    ],
    ['without an answer of an API', namespace(21, NO_DISCOVERY), [pod('a', -300)], { verdict: 'trouble', slow: true }],
    ['whose controller may come back late', namespace(600, CLEAN), [], { verdict: 'stopping', slow: true }],
    ['whose controller does not come back', namespace(901, CLEAN), [], { verdict: 'trouble', slow: true }],
    ['that no controller has looked at', namespace(61, []), [], { verdict: 'trouble', slow: true }],
  ] as const)('deleted %s', (_, raw, pods, state) => {
    expect(namespaceFacts(raw, pods, NOW).state).toMatchObject(state);
  });

  it('names pods among what is left though no condition speaks of them', () => {
    const facts = namespaceFacts(namespace(600, LEFT), [pod('web', 40)], NOW);

    expect(namespaceScope(facts)).toMatchObject({
      subject: { kind: 'Namespace', namespace: '', name: 'shop', uid: 'u1' },
      content: {
        items: [
          { resource: 'pods', group: '', name: 'pods', count: 1 },
          { resource: 'widgets', group: 'example.com', name: 'widgets.example.com', count: 1 },
        ],
        finalizers: [],
        groups: [],
      },
      pods: [{ name: 'web', deleted: true, overdueSeconds: 10, finalizers: [] }],
    });
  });

  it('leaves out pods that could not be read', () => {
    expect(Object.keys(namespaceScope(namespaceFacts(namespace(600, LEFT), undefined, NOW)))).not.toContain('pods');
  });
});
