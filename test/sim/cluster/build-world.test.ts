import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/core/facts/json.ts';
import { completeObjects } from '../../../src/core/recording/case-document.ts';
import { nameOf } from '../../../src/core/recording/object-parts.ts';
import type { RecordedRead, Recording } from '../../../src/core/recording/recording.ts';
import { resourceOf } from '../../../src/core/subject/kinds.ts';
import { buildWorld } from '../../../src/sim/cluster/build-world.ts';
import { Timeline } from '../../../src/sim/cluster/timeline.ts';
import type { World } from '../../../src/sim/cluster/world.ts';

const CLOCK = '2026-01-31T12:00:00Z';

function recordingOf(namespace: string, objects: readonly JsonObject[], subject = ''): Recording {
  const defaults = { namespace, clock: CLOCK, created: '2026-01-31T11:00:00Z' };
  const complete = completeObjects(objects, [], defaults);
  return { closedWorld: true, subject, clock: CLOCK, objects: complete, logs: [], unreadable: [] };
}

function sessionOf(namespace: string, reads: readonly RecordedRead[]): Recording {
  return { closedWorld: false, subject: `pod/web -n ${namespace}`, clock: CLOCK, reads };
}

function node(name: string, ready: string): JsonObject {
  return { kind: 'Node', metadata: { name }, status: { conditions: [{ type: 'Ready', status: ready }] } };
}

function podOn(nodeName: string): JsonObject {
  return { kind: 'Pod', metadata: { name: 'web' }, spec: { nodeName } };
}

function worldOf(...recordings: readonly Recording[]): World {
  return buildWorld(recordings, new Timeline(() => new Date(CLOCK), 10_000));
}

function namesIn(world: World, kind: string): readonly string[] {
  return world.objects.list(resourceOf(kind), '').map(({ object }) => nameOf(object).name);
}

function nodeOf(world: World, namespace: string): unknown {
  const pod = world.objects.get({ type: resourceOf('Pod'), namespace, name: 'web' });
  return (pod?.object['spec'] as JsonObject | undefined)?.['nodeName'];
}

const reading = (name: string, metadataOnly: boolean, content: JsonObject): RecordedRead => ({
  query: { verb: 'get', resource: resourceOf('ConfigMap'), namespace: 'shop', name, metadataOnly },
  outcome: {
    kind: 'found',
    object: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' }, ...content },
  },
});

describe('nodes', () => {
  test('that two recordings know alike are one', () => {
    const world = worldOf(
      recordingOf('shop', [node('node-1', 'True'), podOn('node-1')]),
      recordingOf('blog', [node('node-1', 'True'), podOn('node-1')]),
    );

    expect(namesIn(world, 'Node')).toEqual(['node-1']);
    expect(nodeOf(world, 'blog')).toBe('node-1');
  });

  test('that two recordings know differently are two', () => {
    const world = worldOf(
      recordingOf('shop', [node('node-1', 'True'), podOn('node-1')]),
      recordingOf('blog', [node('node-1', 'False'), podOn('node-1')]),
    );

    expect(namesIn(world, 'Node')).toEqual(['node-1', 'node-2']);
    expect([nodeOf(world, 'shop'), nodeOf(world, 'blog')]).toEqual(['node-1', 'node-2']);
    expect(world.conflicts).toEqual([]);
  });

  test.each([true, false])('that a recording knows not to exist stay missing (first: %s)', (first) => {
    const gone = sessionOf('blog', [
      {
        query: { verb: 'get', resource: resourceOf('Pod'), namespace: 'blog', name: 'web' },
        outcome: {
          kind: 'found',
          object: { apiVersion: 'v1', ...podOn('node-1'), metadata: { name: 'web', namespace: 'blog' } },
        },
      },
      {
        query: { verb: 'get', resource: resourceOf('Node'), name: 'node-1' },
        outcome: { kind: 'missing', message: 'nodes "node-1" not found' },
      },
    ]);
    const there = recordingOf('shop', [node('node-1', 'True'), podOn('node-1')]);

    const world = first ? worldOf(gone, there) : worldOf(there, gone);

    expect(namesIn(world, 'Node')).toEqual([nodeOf(world, 'shop')]);
    expect(nodeOf(world, 'blog')).not.toBe(nodeOf(world, 'shop'));
  });
});

test('there is a namespace for each object, and those that every cluster has', () => {
  const world = worldOf(recordingOf('shop', [podOn('node-1')]));

  expect(namesIn(world, 'Namespace')).toEqual(['default', 'kube-node-lease', 'kube-public', 'kube-system', 'shop']);
});

test('a recording knows its own namespace best', () => {
  const seen = recordingOf('blog', [
    podOn('node-1'),
    { kind: 'Pod', metadata: { name: 'web', namespace: 'shop' }, spec: { nodeName: 'elsewhere' } },
  ]);

  const world = worldOf(seen, recordingOf('shop', [podOn('node-2')]));

  expect(nodeOf(world, 'shop')).toBe('node-2');
  expect(world.conflicts).toEqual(['Pod/shop/web is not the same in two recordings']);
});

test('whole objects come before their metadata, later states before earlier ones', () => {
  const reads = [
    reading('a', true, {}),
    reading('b', false, { data: { x: '1' } }),
    reading('b', false, { data: { x: '2' } }),
  ];

  const world = worldOf(sessionOf('shop', [...reads, reading('a', false, { data: {} }), reading('a', true, {})]));

  const stored = world.objects.list(resourceOf('ConfigMap'), 'shop').map(({ object }) => object['data']);
  expect(stored).toEqual([{}, { x: '2' }]);
});

test('what is missing here and there is told', () => {
  const missing: RecordedRead = {
    query: { verb: 'get', resource: resourceOf('ConfigMap'), namespace: 'shop', name: 'a' },
    outcome: { kind: 'missing', message: 'configmaps "a" not found' },
  };

  const world = worldOf(sessionOf('shop', [missing]), sessionOf('shop', [reading('a', false, {})]));

  expect(world.conflicts).toEqual(['ConfigMap/shop/a exists in one recording and not in another']);
});

test.each([
  ['pod/web -n shop', { kind: 'Pod', namespace: 'shop', name: 'web', text: 'web -n shop' }],
  ['shop/web', { kind: 'Pod', namespace: 'shop', name: 'web', text: 'web -n shop' }],
  ['web', { namespace: 'shop', name: 'web', text: 'web -n shop' }],
])('the subject %s can be asked about', (subject, expected) => {
  expect(worldOf(recordingOf('shop', [podOn('node-1')], subject)).subjects).toEqual([expected]);
});

test('a subject that is not in its recording cannot be asked about', () => {
  expect(worldOf(recordingOf('shop', [podOn('node-1')], 'deploy/none')).subjects).toEqual([]);
});
