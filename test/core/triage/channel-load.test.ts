import { describe, expect, it } from 'vitest';
import { type LoadRules, loadStep } from '../../../src/core/triage/channel-load.ts';
import type { ChannelLoad, Incident } from '../../../src/core/triage/incident.ts';
import { sampleDigest, sampleIncident } from '../../fakes/triage-samples.ts';
import { minute } from './triage-world.ts';

function rulesAt(now: string, inDigest: readonly string[] = []): LoadRules {
  return {
    now,
    incidentsPerMinute: 3,
    calmMinutes: 5,
    newId: () => 'd-new',
    cluster: 'prod',
    channel: 'C1',
    open: inDigest.map((id) => sampleIncident(id, { digest: 'd-1' })),
  };
}

function opened(count: number, now: string, change: Partial<Incident> = {}): readonly Incident[] {
  return Array.from({ length: count }, (_, index) =>
    sampleIncident(`i-${now}-${index}`, { openedAt: now, events: [], ...change }),
  );
}

function stormSince(now: string, incidents: readonly string[] = ['i-1']): ChannelLoad {
  return {
    channel: 'C1',
    openedAt: [],
    digest: sampleDigest('d-1', { startedAt: now, lastNewAt: now, incidents }),
  };
}

describe('new incidents in a channel', () => {
  it('have messages of their own while there are few', () => {
    const step = loadStep(undefined, opened(3, minute(0)), rulesAt(minute(0)));

    expect(step).toEqual({
      load: { channel: 'C1', openedAt: [minute(0), minute(0), minute(0)] },
      inDigest: new Set(),
      released: [],
    });
  });

  it('that are too many at once all go into a digest', () => {
    const incidents = opened(40, minute(0));

    const step = loadStep(undefined, incidents, rulesAt(minute(0)));

    const ids = incidents.map(({ id }) => id).toSorted();
    expect([...step.inDigest].toSorted()).toEqual(ids);
    expect(step.load.openedAt).toHaveLength(4);
    expect(step.load.digest).toMatchObject({
      id: 'd-new',
      cluster: 'prod',
      channel: 'C1',
      state: 'storm',
      startedAt: minute(0),
      lastNewAt: minute(0),
      beyond: 0,
      revision: 0,
    });
    expect(step.load.digest?.incidents.toSorted()).toEqual(ids);
  });

  it('that become too many go into a digest from then on', () => {
    const first = loadStep(undefined, opened(3, minute(0)), rulesAt(minute(0)));
    const second = loadStep(first.load, opened(1, minute(0.9)), rulesAt(minute(0.9)));
    const third = loadStep(second.load, opened(1, minute(4)), rulesAt(minute(4)));

    expect(first.inDigest.size).toBe(0);
    expect([...second.inDigest]).toEqual([`i-${minute(0.9)}-0`]);
    expect([...third.inDigest]).toEqual([`i-${minute(4)}-0`]);
    expect(third.load.digest).toMatchObject({
      startedAt: minute(0.9),
      lastNewAt: minute(4),
      incidents: [`i-${minute(0.9)}-0`, `i-${minute(4)}-0`],
    });
  });

  it('that come slowly stay on their own', () => {
    const first = loadStep(undefined, opened(3, minute(0)), rulesAt(minute(0)));
    const second = loadStep(first.load, opened(3, minute(1)), rulesAt(minute(1)));

    expect(second.inDigest.size).toBe(0);
    expect(second.load.openedAt).toEqual([minute(1), minute(1), minute(1)]);
  });

  it.each<[string, Partial<Incident>]>([
    ['of another channel', { channel: 'C2' }],
    ['of another cluster', { cluster: 'test' }],
    ['that were opened again', { events: [{ id: 'e1', at: minute(0), kind: 'reopened', text: 'x' }] }],
    ['that are in a digest', { digest: 'd-0' }],
  ])('%s do not count', (_, change) => {
    expect(loadStep(undefined, opened(9, minute(0), change), rulesAt(minute(0)))).toEqual({
      load: { channel: 'C1', openedAt: [] },
      inDigest: new Set(),
      released: [],
    });
  });

  it('beyond 500 are counted', () => {
    const first = loadStep(undefined, opened(450, minute(0)), rulesAt(minute(0)));
    const second = loadStep(first.load, opened(60, minute(1)), rulesAt(minute(1)));

    expect(second.inDigest.size).toBe(60);
    expect(second.load.digest?.incidents).toHaveLength(500);
    expect(second.load.digest?.beyond).toBe(10);
  });
});

describe('a storm', () => {
  it('lasts until nothing new came for long enough', () => {
    const storm = stormSince(minute(0));

    const still = loadStep(storm, [], rulesAt(minute(4.9), ['i-1']));

    expect(still).toEqual({ load: storm, inDigest: new Set(), released: [] });
    expect(loadStep(storm, [], rulesAt(minute(5), ['i-1'])).load.digest?.state).toBe('calm');
  });

  it('is over at once when nothing of it is open any more', () => {
    const storm = stormSince(minute(0));

    const { load, released } = loadStep(storm, [], rulesAt(minute(0.5)));

    expect({ state: load.digest?.state, released }).toEqual({ state: 'calm', released: [] });
  });

  it('goes on in the same message when more comes soon after', () => {
    const over = loadStep(stormSince(minute(0)), [], rulesAt(minute(0.5))).load;

    const { load, inDigest } = loadStep(over, opened(1, minute(1)), rulesAt(minute(1)));

    expect({ id: load.digest?.id, state: load.digest?.state, fresh: inDigest.size }).toEqual({
      id: over.digest?.id,
      state: 'storm',
      fresh: 1,
    });
  });

  it('leaves messages to the oldest of those that are still open', () => {
    const storm = stormSince(minute(0), ['i-1', 'i-2', 'i-3', 'i-4', 'i-5', 'i-6']);

    const step = loadStep(storm, [], rulesAt(minute(5), ['i-6', 'i-5', 'i-4', 'i-2']));

    expect(step.released).toEqual(['i-2', 'i-4', 'i-5']);
    expect(step.load.digest).toMatchObject({
      state: 'calm',
      incidents: ['i-1', 'i-2', 'i-3', 'i-4', 'i-5', 'i-6'],
      releasedAt: minute(5),
    });
  });

  it('leaves messages to the most severe first, and to some more each minute until none is left', () => {
    const severities = ['info', 'warning', '', 'info', 'warning', 'critical', 'info'];
    let left = severities.map((severity, index) =>
      sampleIncident(`i-${index}`, { severity, digest: index === 6 ? 'd-0' : 'd-1' }),
    );
    let load = stormSince(minute(0));
    const released: Readonly<Record<number, readonly string[]>>[] = [];
    for (const at of [5, 5.5, 6, 6.5, 7, 8, 60]) {
      const step = loadStep(load, [], { ...rulesAt(minute(at)), open: left });
      load = step.load;
      left = left.filter(({ id }) => !step.released.includes(id));
      released.push({ [at]: step.released });
    }

    expect(released).toEqual([
      { 5: ['i-5', 'i-1', 'i-4'] },
      { 5.5: [] },
      { 6: ['i-0', 'i-3', 'i-6'] },
      { 6.5: [] },
      { 7: ['i-2'] },
      { 8: [] },
      { 60: [] },
    ]);
    expect(load.digest).toMatchObject({ state: 'calm', releasedAt: minute(7) });
  });

  it('leaves none a message that has one, or is of another channel', () => {
    const open = [sampleIncident('i-1'), sampleIncident('i-2', { digest: 'd-2', channel: 'C2' })];

    expect(loadStep(stormSince(minute(0)), [], { ...rulesAt(minute(5)), open }).released).toEqual([]);
  });

  it('that is over stays over', () => {
    const calm = loadStep(stormSince(minute(0)), [], rulesAt(minute(5), ['i-1'])).load;

    expect(loadStep(calm, [], rulesAt(minute(6)))).toEqual({ load: calm, inDigest: new Set(), released: [] });
    expect(loadStep(calm, opened(1, minute(6)), rulesAt(minute(6))).inDigest.size).toBe(0);
    expect(loadStep(calm, opened(4, minute(6)), rulesAt(minute(6))).load.digest?.id).toBe('d-new');
  });

  it('that ended while nobody looked does not take what comes later', () => {
    const step = loadStep(stormSince(minute(0)), opened(1, minute(60)), rulesAt(minute(60), ['i-1']));

    expect(step.inDigest.size).toBe(0);
    expect(step.released).toEqual(['i-1']);
    expect(step.load.digest?.state).toBe('calm');
  });
});
