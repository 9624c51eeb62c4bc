import { describe, expect, it } from 'vitest';
import { eventFacts } from '../../../src/core/facts/events.ts';
import type { KubeEvent } from '../../../src/core/facts/kube-types.ts';
import { ago, NOW } from './pod-builder.ts';

function times(event: KubeEvent): object {
  const [fact] = eventFacts([event], NOW);
  return { first: fact?.first, last: fact?.last, count: fact?.count, ageSeconds: fact?.ageSeconds };
}

describe('the times of an event', () => {
  it.each<[string, KubeEvent, object]>([
    [
      'merged by the old recorder',
      { firstTimestamp: ago(500), lastTimestamp: ago(20), count: 25 },
      { first: ago(500), last: ago(20), count: 25, ageSeconds: 20 },
    ],
    [
      'of the scheduler, with eventTime only',
      { firstTimestamp: null, lastTimestamp: null, eventTime: ago(30) },
      { first: ago(30), last: ago(30), count: 1, ageSeconds: 30 },
    ],
    [
      'a series',
      { eventTime: ago(300), series: { count: 12, lastObservedTime: ago(7) }, count: 1 },
      { first: ago(300), last: ago(7), count: 12, ageSeconds: 7 },
    ],
    [
      'with the time of its object only',
      { metadata: { creationTimestamp: ago(44) } },
      { first: ago(44), last: ago(44), count: 1, ageSeconds: 44 },
    ],
    [
      'from a clock that runs ahead',
      { lastTimestamp: ago(-9) },
      { first: NOW, last: ago(-9), count: 1, ageSeconds: 0 },
    ],
  ])('%s', (_, event, expected) => {
    expect(times(event)).toEqual(expected);
  });
});

describe('events', () => {
  it('are newest first, and of one time the most frequent first', () => {
    const events = [
      { reason: 'old', lastTimestamp: ago(90) },
      { reason: 'rare', lastTimestamp: ago(9), count: 1 },
      { reason: 'often', lastTimestamp: ago(9), count: 8 },
      { reason: 'new', eventTime: ago(1) },
    ];

    const reasons = eventFacts(events, NOW).map((event) => event.reason);

    expect(reasons).toEqual(['new', 'often', 'rare', 'old']);
  });

  it('are at most 60, the newest', () => {
    const events = Array.from({ length: 100 }, (_, index) => ({ reason: `r${index}`, lastTimestamp: ago(index) }));

    const facts = eventFacts(events, NOW);

    expect([facts.length, facts[0]?.reason, facts[59]?.reason]).toEqual([60, 'r0', 'r59']);
  });

  it.each([
    ['spec.containers{web}', 'web'],
    ['spec.initContainers{wait-db}', 'wait-db'],
    ['spec', ''],
    [undefined, ''],
  ])('%s is about container "%s"', (fieldPath, container) => {
    const involvedObject = fieldPath === undefined ? {} : { fieldPath };

    expect(eventFacts([{ involvedObject }], NOW)[0]?.container).toBe(container);
  });

  it('read the texts and sources of both event APIs', () => {
    const [old, current] = eventFacts(
      [
        { message: 'a  "b"', source: { component: 'kubelet' }, lastTimestamp: ago(1) },
        { note: 'c', reportingComponent: 'default-scheduler', lastTimestamp: ago(2) },
      ],
      NOW,
    );

    expect([old?.message, old?.component, current?.message, current?.component]).toEqual([
      'a "b"',
      'kubelet',
      'c',
      'default-scheduler',
    ]);
  });
});
