import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/facts/json.ts';
import { checkedNode, nodeFacts, seenOfNode } from '../../../src/core/facts/node-facts.ts';
import { type NodeLeaseFact, nodeLeaseFact } from '../../../src/core/facts/node-lease.ts';

const NOW = '2026-03-02T10:00:00Z';
const SINCE = '2026-03-02T09:00:00Z';
const FRESH: NodeLeaseFact = { exists: true, durationSeconds: 40, ageSeconds: 4, skewSeconds: 0 };

function condition(type: string, status: string, message = '', lastTransitionTime = SINCE): JsonObject {
  return { type, status, message, lastTransitionTime };
}

interface Change {
  readonly conditions?: readonly JsonObject[];
  readonly spec?: JsonObject;
  readonly metadata?: JsonObject;
  readonly lease?: NodeLeaseFact;
  readonly events?: readonly JsonObject[];
}

function facts({ conditions = [condition('Ready', 'True')], spec = {}, metadata = {}, lease, events = [] }: Change) {
  const raw = {
    kind: 'Node',
    metadata: { name: 'worker-1', uid: 'u-1', creationTimestamp: '2026-01-01T00:00:00Z', ...metadata },
    spec,
    status: { conditions },
  };
  return nodeFacts(raw, { events, lease: lease ?? FRESH, now: NOW });
}

describe('the state of a node', () => {
  it('that works', () => {
    expect(facts({}).state).toEqual({
      verdict: 'healthy',
      status: 'Ready',
      since: SINCE,
      ready: true,
      cordoned: false,
      pressures: [],
      troubles: [],
      ageSeconds: 5_220_000,
    });
  });

  it.each([
    ['Ready', 'healthy', {}],
    ['Ready, SchedulingDisabled', 'healthy', { spec: { unschedulable: true } }],
    ['Ready', 'stopping', { metadata: { deletionTimestamp: NOW } }],
    ['NotReady', 'trouble', { conditions: [condition('Ready', 'False', 'container runtime is down')] }],
    ['Ready unknown', 'trouble', { conditions: [condition('Ready', 'Unknown')] }],
    ['Ready unknown', 'trouble', { conditions: [] }],
    ['Ready, DiskPressure', 'trouble', { conditions: [condition('DiskPressure', 'True'), condition('Ready', 'True')] }],
    ['Ready', 'trouble', { conditions: [condition('NetworkUnavailable', 'True'), condition('Ready', 'True')] }],
    ['Ready', 'trouble', { lease: { ...FRESH, ageSeconds: 300 } }],
    ['Ready', 'trouble', { lease: { ...FRESH, skewSeconds: -90 } }],
    ['Ready', 'healthy', { lease: { exists: false } }],
    [
      'NotReady',
      'starting',
      { metadata: { creationTimestamp: '2026-03-02T09:59:00Z' }, conditions: [condition('Ready', 'False')] },
    ],
    [
      'Ready unknown',
      'trouble',
      { metadata: { creationTimestamp: '2026-03-02T09:59:00Z' }, conditions: [condition('Ready', 'Unknown')] },
    ],
  ] as const)('%s: %s', (status, verdict, change) => {
    expect(facts(change).state).toMatchObject({ status, verdict });
  });

  it('has stood like this since the pressure began', () => {
    const conditions = [condition('DiskPressure', 'True', '', '2026-03-02T09:50:00Z'), condition('Ready', 'True')];

    expect(facts({ conditions }).state.since).toBe('2026-03-02T09:50:00Z');
  });

  it('is told with what was looked at and what was seen', () => {
    const cordoned = facts({ spec: { unschedulable: true } });
    const skewed = facts({ lease: { ...FRESH, skewSeconds: 3600, ageSeconds: 200 } });

    expect(checkedNode(cordoned)).toEqual([
      'Ready, SchedulingDisabled since 09:00:00',
      'no memory, disk or PID pressure',
      'lease renewed 4 s ago',
      'cordoned: it takes no new pods until somebody uncordons it',
    ]);
    expect(seenOfNode(skewed)).toEqual([
      'its clock is 1 h ahead',
      'Ready, but its lease was last renewed 3 m 20 s ago',
    ]);
  });

  it('knows its own events by every uid that is written for it', () => {
    const event = (uid: string | undefined, message: string): JsonObject => ({
      kind: 'Event',
      type: 'Warning',
      reason: 'ContainerGCFailed',
      message,
      lastTimestamp: NOW,
      involvedObject: { kind: 'Node', name: 'worker-1', ...(uid === undefined ? {} : { uid }) },
    });
    const events = [
      event('worker-1', 'a'),
      event('', 'b'),
      event(undefined, 'c'),
      event('u-1', 'd'),
      event('u-0', 'old'),
    ];

    expect(facts({ events }).events.map(({ message }) => message)).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('the lease of a node', () => {
  const lease = (renewTime: string, ...stamps: readonly string[]): JsonObject => ({
    kind: 'Lease',
    metadata: { name: 'worker-1', managedFields: stamps.map((time) => ({ manager: 'kubelet', time })) },
    spec: { renewTime },
  });

  it('tells by whose clock it was renewed and stored', () => {
    expect(nodeLeaseFact(lease('2026-03-02T09:54:50.1Z', '2026-03-01T00:00:00Z', '2026-03-02T09:59:50Z'), NOW)).toEqual(
      {
        exists: true,
        durationSeconds: 40,
        renewed: '2026-03-02T09:54:50.1Z',
        stamped: '2026-03-02T09:59:50Z',
        ageSeconds: 10,
        skewSeconds: -300,
      },
    );
  });

  it('says nothing about clocks when nobody noted its arrival', () => {
    expect(nodeLeaseFact(lease('2026-03-02T09:59:50Z'), NOW)).toEqual({
      exists: true,
      durationSeconds: 40,
      renewed: '2026-03-02T09:59:50Z',
      ageSeconds: 10,
    });
  });

  it('may never have been renewed', () => {
    expect(nodeLeaseFact({ kind: 'Lease', metadata: {} }, NOW)).toEqual({ exists: true, durationSeconds: 40 });
  });
});
