import { describe, expect, it } from 'vitest';
import type { Incident, IncidentRoot } from '../../../src/core/triage/incident.ts';
import { keysOf, mergeIncidents } from '../../../src/core/triage/merge-incidents.ts';
import { emptyState, type TriageState, withIncidents } from '../../../src/core/triage/triage-state.ts';
import { sampleIncident, samplePast } from '../../fakes/triage-samples.ts';
import { minute, place, queryOf, rooted } from './triage-world.ts';

const CONFIG = 'ConfigMap shop/app';

function rootOf(key: string, change: Partial<IncidentRoot> = {}): IncidentRoot {
  return { key, title: key, query: queryOf(key), signature: 's', firing: 1, look: 'done', cause: CONFIG, ...change };
}

/** An incident about one object that blames a ConfigMap. */
function incidentOf(id: string, key: string, change: Partial<Incident> = {}): Incident {
  const [cause] = sampleIncident(id).causes;
  return sampleIncident(id, {
    openedAt: minute(0),
    since: minute(-5),
    roots: [rootOf(key)],
    causes: cause === undefined ? [] : [{ ...cause, key: CONFIG, root: key, headline: `${key}: it lacks a key` }],
    events: [],
    changes: [],
    before: [],
    ...change,
  });
}

function merged(incidents: readonly Incident[], keys: ReadonlyMap<string, string> = new Map()) {
  return mergeIncidents(withIncidents(emptyState(), incidents), keys, minute(10));
}

describe('the keys of an incident', () => {
  it('are its objects and what they blame, and the workloads of its pods', () => {
    const incident = incidentOf('i-1', 'Deployment shop/web', {
      roots: [rootOf('Deployment shop/web'), rootOf('Pod shop/db-0', { cause: 'Pod shop/api-5d9f8c6b5d-x2x4z' })],
    });

    expect(keysOf(incident)).toEqual([
      'C1 Deployment shop/web',
      `C1 ${CONFIG}`,
      'C1 Pod shop/db-0',
      'C1 StatefulSet shop/db',
      'C1 Pod shop/api-5d9f8c6b5d-x2x4z',
      'C1 Deployment shop/api',
    ]);
  });

  it('are also those of what is to blame, whatever the trouble is', () => {
    const [cause] = sampleIncident('i-1').causes;
    const blaming = { key: `${CONFIG} missing`, blames: CONFIG, root: 'Node a' };
    const incident = incidentOf('i-1', 'Node a', {
      channel: 'C2',
      roots: [rootOf('Node a', { cause: blaming.key })],
      causes: cause === undefined ? [] : [{ ...cause, ...blaming }],
    });

    expect(keysOf(incident)).toEqual(['C2 Node a', `C2 ${CONFIG} missing`, `C2 ${CONFIG}`]);
  });
});

describe('incidents with something in common', () => {
  it('go on in the oldest one', () => {
    const older = incidentOf('i-2', 'Deployment shop/web', {
      notes: ['a'],
      nextLookAt: minute(20),
      before: [samplePast('i-p1')],
      muted: 'night',
    });
    const younger = incidentOf('i-1', 'Deployment shop/api', {
      openedAt: minute(1),
      since: minute(-9),
      severity: 'critical',
      names: ['KubePodCrashLooping'],
      owners: ['team-api'],
      mentions: ['S2'],
      readable: ['shop', 'api'],
      firing: 2,
      total: 3,
      notes: ['b'],
      nextLookAt: minute(15),
      before: [samplePast('i-p1'), samplePast('i-p2')],
      changes: [{ at: minute(-1), object: 'Deployment shop/api', what: 'scaled' }],
      heardAt: minute(3),
      looks: 3,
    });

    const state = merged([younger, older]);

    expect(state.incidents.get('i-2')).toEqual({
      ...older,
      muted: undefined,
      changedAt: minute(10),
      since: minute(-9),
      severity: 'critical',
      names: ['KubePodNotReady', 'KubePodCrashLooping'],
      owners: ['team-shop', 'team-api'],
      mentions: ['S1', 'S2'],
      readable: ['shop'],
      firing: 3,
      total: 4,
      roots: [...older.roots, ...younger.roots],
      notes: ['a', 'b'],
      nextLookAt: minute(15),
      before: [samplePast('i-p1'), samplePast('i-p2')],
      changes: younger.changes,
      heardAt: minute(3),
      looks: 0,
      events: [
        {
          id: 'e1',
          at: minute(10),
          kind: 'joined',
          text: '3 alerts of KubePodCrashLooping joined: Deployment shop/api.',
        },
      ],
    });
    expect(state.incidents.get('i-1')).toMatchObject({
      state: 'resolved',
      resolvedAt: minute(10),
      resolvedBy: 'merged',
      mergedInto: 'i-2',
      firing: 0,
      total: 3,
      roots: [{ firing: 0 }],
      events: [
        {
          kind: 'merged',
          text: 'It goes on in another thread, with which it has something in common: Deployment shop/web: it lacks a key.',
        },
      ],
    });
    expect(state.incidents.get('i-1')).not.toHaveProperty('nextLookAt');
    expect(state.changed).toEqual(new Set(['i-1', 'i-2']));
  });

  it('go on in one with a message of its own before an older one that is only in a digest', () => {
    const state = merged([
      incidentOf('i-1', 'Node a', { digest: 'd-1' }),
      incidentOf('i-2', 'Node b', { openedAt: minute(2) }),
      incidentOf('i-3', 'Node c', { openedAt: minute(1), digest: 'd-1', explained: true }),
    ]);

    expect([...state.incidents.values()].map(({ mergedInto }) => mergedInto)).toEqual(['i-2', undefined, 'i-2']);
    expect(state.incidents.get('i-2')).toMatchObject({ firing: 3, since: minute(-5), explained: true });
    expect(state.incidents.get('i-2')).not.toHaveProperty('digest');
  });

  it('of the same age go on in the one whose id comes first', () => {
    const state = merged([incidentOf('i-2', 'Node b'), incidentOf('i-1', 'Node a')]);

    expect(state.incidents.get('i-2')?.mergedInto).toBe('i-1');
  });

  it('are found through others, and through what the store knows', () => {
    const a = incidentOf('i-1', 'Node a', { causes: [], roots: [rootOf('Node a', { cause: 'x' })] });
    const b = incidentOf('i-2', 'Node b', {
      roots: [rootOf('Node b', { cause: 'x' }), rootOf('Node c', { cause: 'y' })],
      causes: [],
    });
    const c = incidentOf('i-3', 'Node c', { roots: [rootOf('Node d', { cause: 'y' })], causes: [] });
    const d = incidentOf('i-4', 'Node z', { roots: [rootOf('Node z', { cause: 'z' })], causes: [] });

    const state = merged([d, c, b, a], new Map([['C1 y', 'i-4']]));

    expect([...state.incidents.values()].filter((one) => one.state === 'open').map(({ id }) => id)).toEqual(['i-1']);
    expect(state.incidents.get('i-1')?.roots.map(({ key }) => key)).toEqual([
      'Node a',
      'Node b',
      'Node c',
      'Node d',
      'Node z',
    ]);
  });

  it('are only open ones of one cluster and channel', () => {
    const a = incidentOf('i-1', 'Node a');
    const over = incidentOf('i-2', 'Node b', { state: 'resolved', resolvedBy: 'alerts', resolvedAt: minute(1) });
    const elsewhere = incidentOf('i-3', 'Node c', { cluster: 'test' });
    const others = incidentOf('i-4', 'Node d', { channel: 'C2' });
    const before = withIncidents(emptyState(), [a, over, elsewhere, others]);
    const keys = new Map([
      [`C1 ${CONFIG}`, 'i-2'],
      [`C2 ${CONFIG}`, 'i-1'],
    ]);

    expect(mergeIncidents(before, keys, minute(10))).toEqual(before);
  });

  it('count an object that both have once, with what is known better', () => {
    const a = incidentOf('i-1', 'Node a', {
      roots: [{ key: 'Node a', title: 'Node a', query: queryOf('Node a'), signature: 's', firing: 1, look: 'waiting' }],
      causes: [],
    });
    const b = incidentOf('i-2', 'Node a', { openedAt: minute(1), roots: [rootOf('Node a', { firing: 2 })] });

    expect(merged([a, b]).incidents.get('i-1')?.roots).toEqual([rootOf('Node a', { firing: 3 })]);
  });

  it('keep 500 objects and count the rest', () => {
    const many = (from: number, look: IncidentRoot['look']): readonly IncidentRoot[] =>
      Array.from({ length: 400 }, (_, index) => rootOf(`Node n${from + index}`, { look }));
    const a = incidentOf('i-1', 'Node a', { roots: many(0, 'left-out'), rootsBeyond: 7 });
    const b = incidentOf('i-2', 'Node b', { openedAt: minute(1), roots: many(400, 'done') });

    const incident = merged([a, b]).incidents.get('i-1');

    expect(incident?.rootsBeyond).toBe(307);
    expect(incident?.roots.filter(({ look }) => look === 'done')).toHaveLength(400);
  });

  it('answer for a cause with what is itself broken', () => {
    const [cause] = incidentOf('i-1', 'Node a').causes;
    const a = incidentOf('i-1', 'Deployment shop/web', {
      causes: cause === undefined ? [] : [{ ...cause, follows: true, version: 4 }],
    });
    const b = incidentOf('i-2', 'Deployment shop/api', { openedAt: minute(1) });

    expect(merged([a, b]).incidents.get('i-1')?.causes).toMatchObject([
      { root: 'Deployment shop/api', headline: 'Deployment shop/api: it lacks a key', version: 5 },
    ]);
  });
});

describe('an incident that was only opened in this pass', () => {
  const older = incidentOf('i-1', 'Deployment shop/web');

  function joined(): TriageState {
    const loaded = withIncidents(emptyState(), [older]);
    return place(loaded, [rooted('Deployment shop/api', 'f1'), rooted('Deployment shop/api', 'f2')], minute(10));
  }

  it('leaves no trace but its alerts', () => {
    const before = joined();
    const id = [...before.opened][0] ?? '';

    const state = mergeIncidents(before, new Map([['C1 Deployment shop/api', 'i-1']]), minute(10));

    expect(state.incidents.has(id)).toBe(false);
    expect(state.changed).toEqual(new Set(['i-1']));
    expect(state.opened).toEqual(new Set());
    expect(state.placed.map(({ fingerprint, incident, root }) => [fingerprint, incident, root])).toEqual([
      ['f1', 'i-1', 'Deployment shop/api'],
      ['f2', 'i-1', 'Deployment shop/api'],
    ]);
    expect(state.incidents.get('i-1')).toMatchObject({
      firing: 3,
      total: 3,
      events: [{ kind: 'joined', text: '2 alerts of KubePodNotReady joined: Deployment shop/api.' }],
    });
  });

  it('is told from one that was opened again', () => {
    const was = { incident: 'i-2', root: 'Deployment shop/api', status: 'resolved' } as const;
    const over = incidentOf('i-2', 'Deployment shop/api', {
      openedAt: minute(1),
      state: 'resolved',
      resolvedBy: 'alerts',
      resolvedAt: minute(9),
      firing: 0,
    });
    const before = place(
      withIncidents(emptyState(), [older, over]),
      [rooted('Deployment shop/api', 'f1', { was })],
      minute(10),
    );

    const state = mergeIncidents(before, new Map(), minute(10));

    expect(state.incidents.get('i-2')).toMatchObject({ resolvedBy: 'merged', mergedInto: 'i-1' });
    expect(state.incidents.get('i-2')?.events.map(({ kind }) => kind)).toEqual(['reopened', 'merged']);
    expect(state.changed).toEqual(new Set(['i-1', 'i-2']));
    expect(state.opened).toEqual(new Set());
  });

  it('tells nothing to another one that was', () => {
    const before = place(
      emptyState(),
      [rooted('Pod shop/db-0', 'f1'), rooted('StatefulSet shop/db', 'f2')],
      minute(10),
    );

    const state = mergeIncidents(before, new Map(), minute(10));

    expect([...state.incidents.values()]).toMatchObject([{ firing: 2, events: [] }]);
    expect(state.opened.size).toBe(1);
  });
});
