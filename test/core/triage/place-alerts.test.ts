import { describe, expect, it } from 'vitest';
import type { Incident } from '../../../src/core/triage/incident.ts';
import { keyEntry } from '../../../src/core/triage/incident-keys.ts';
import { endAlerts } from '../../../src/core/triage/place-alerts.ts';
import { emptyState, replaceIncident, type TriageState, withIncidents } from '../../../src/core/triage/triage-state.ts';
import { minute, only, place, type RootedChange, rooted, stored } from './triage-world.ts';

const WEB = 'Deployment shop/web';

function opened(change: RootedChange = {}): TriageState {
  return place(emptyState(), [rooted(WEB, 'f1', change)], minute(0));
}

function placeOf(state: TriageState, fingerprint: string) {
  const found = state.placed.find((one) => one.fingerprint === fingerprint);
  if (found === undefined) {
    throw new Error(`${fingerprint} was not placed`);
  }
  const { revision: _, fingerprint: __, ...rest } = found;
  return rest;
}

/** The state as stored, with the incident over since that time. */
function over(state: TriageState, resolvedAt: string, rest: Partial<Incident> = {}): TriageState {
  const incident = only(state);
  return stored(replaceIncident(state, { ...incident, state: 'resolved', resolvedAt, resolvedBy: 'alerts', ...rest }));
}

describe('a new alert', () => {
  it('opens an incident', () => {
    const state = opened({
      stands: ['Pending'],
      notes: ['pod web-0 was replaced since'],
      alert: { owner: 'team-shop', mention: 'S1', readable: ['shop'], notes: ['1 alert was left out'] },
    });

    const id = `i-C1 ${WEB}-${minute(-5)}-${minute(0)}`;
    expect(state).toEqual({
      incidents: new Map([
        [
          id,
          {
            id,
            cluster: 'prod',
            channel: 'C1',
            state: 'open',
            openedAt: minute(0),
            since: minute(-5),
            changedAt: minute(0),
            severity: 'warning',
            names: ['KubePodNotReady'],
            owners: ['team-shop'],
            mentions: ['S1'],
            readable: ['shop'],
            roots: [
              {
                key: WEB,
                title: WEB,
                query: { kind: 'Deployment', namespace: 'shop', name: 'web' },
                signature: 'KubePodNotReady Deployment shop Pending',
                firing: 1,
                look: 'waiting',
              },
            ],
            rootsBeyond: 0,
            causes: [],
            firing: 1,
            total: 1,
            changes: [],
            before: [],
            notes: ['1 alert was left out', 'pod web-0 was replaced since'],
            events: [],
            looks: 0,
            healthyLooks: 0,
            heardAt: minute(0),
          },
        ],
      ]),
      changed: new Set([id]),
      opened: new Set([id]),
      placed: [{ fingerprint: 'f1', revision: 1, incident: id, root: WEB, status: 'firing' }],
    });
  });

  it('about something that cannot be asked about says why', () => {
    const state = place(emptyState(), [rooted('unmapped 1f', 'f1', { reason: 'it has no label pod' })], minute(0));

    expect(only(state).roots).toEqual([
      {
        key: 'unmapped 1f',
        title: 'unmapped 1f',
        signature: 'KubePodNotReady unmapped',
        firing: 1,
        look: 'impossible',
        reason: 'it has no label pod',
      },
    ]);
  });

  it('joins the open incident with the same root object, in this pass and in later ones', () => {
    const first = place(emptyState(), [rooted(WEB, 'f1'), rooted(WEB, 'f2')], minute(0));
    const later = place(stored(first), [rooted(WEB, 'f3')], minute(1));

    expect(only(first)).toMatchObject({ firing: 2, total: 2, roots: [{ firing: 2 }] });
    expect(only(later)).toMatchObject({ firing: 3, total: 3, roots: [{ firing: 3 }], changedAt: minute(1) });
    expect(later.opened).toEqual(new Set());
  });

  it('joins the open incident that the store knows for its root object, but none of another cluster', () => {
    const state = stored(opened());
    const keys = new Map([[keyEntry('C1', 'Node w-1'), only(state).id]]);

    const joined = place(state, [rooted('Node w-1', 'f2')], minute(1), keys);
    const other = place(state, [rooted('Node w-1', 'f2', { alert: { cluster: 'test' } })], minute(1), keys);

    expect(only(joined).roots.map(({ key }) => key)).toEqual([WEB, 'Node w-1']);
    expect(other.incidents.size).toBe(2);
  });

  it('does not join an incident that is over', () => {
    const state = place(over(opened(), minute(1)), [rooted(WEB, 'f2')], minute(2));

    expect(state.incidents.size).toBe(2);
    expect(state.opened.size).toBe(1);
  });

  it('brings names, owners and people up to the limits, and the worst severity', () => {
    const words = Array.from({ length: 30 }, (_, index) => `w${index}`);
    const alerts = words.map((word, index) =>
      rooted(WEB, word, {
        name: word,
        severity: ['info', 'page', 'warning'][index % 3] ?? '',
        alert: { owner: word, mention: word, notes: [word] },
      }),
    );

    const incident = only(place(emptyState(), alerts, minute(0)));

    expect(incident).toMatchObject({
      names: words.slice(0, 20),
      owners: words.slice(0, 5),
      mentions: words.slice(0, 5),
      notes: words.slice(0, 10),
      severity: 'page',
    });
  });

  it.each([
    [['info', 'warning'], 'warning'],
    [['warning', 'high'], 'high'],
    [['error', 'critical'], 'critical'],
    [['', 'nonsense'], 'nonsense'],
    [['nonsense', 'info'], 'info'],
    [['Critical', 'warning'], 'Critical'],
  ])('has of the severities %j the worse one', (severities, expected) => {
    const alerts = severities.map((severity, index) => rooted(WEB, `f${index}`, { severity }));

    expect(only(place(emptyState(), alerts, minute(0))).severity).toBe(expected);
  });

  it.each([
    [minute(-90), minute(-90)],
    [minute(3), minute(0)],
    ['1999-12-31T23:59:59.000Z', minute(0)],
    ['2000-01-01T00:00:00.000Z', '2000-01-01T00:00:00.000Z'],
  ])('that began at %s lets the incident begin at %s', (startsAt, expected) => {
    expect(only(opened({ startsAt })).since).toBe(expected);
  });

  it('of another sender leaves only what both may speak about', () => {
    const alerts = [
      rooted(WEB, 'f1', { alert: { readable: ['shop', 'team-*', 'x'] } }),
      rooted(WEB, 'f2', { alert: { readable: ['team-a', 'shop', 'y'] } }),
    ];

    expect(only(place(emptyState(), alerts, minute(0))).readable).toEqual(['shop', 'team-a']);
  });

  it('mutes an incident only together with all that opened it', () => {
    const muted = { alert: { muted: 'night' } };
    const state = (changes: readonly RootedChange[]): TriageState =>
      place(
        emptyState(),
        changes.map((change, index) => rooted(WEB, `f${index}`, change)),
        minute(0),
      );

    expect(only(state([muted, muted])).muted).toBe('night');
    expect(only(state([muted, {}])).muted).toBeUndefined();
    expect(only(state([{}, muted])).muted).toBeUndefined();
    expect(only(place(stored(state([muted])), [rooted(WEB, 'g')], minute(300))).muted).toBeUndefined();
    expect(only(place(stored(state([{}])), [rooted(WEB, 'g', muted)], minute(300))).muted).toBeUndefined();
  });

  it('counts root objects beyond 500 once', () => {
    const first = place(
      emptyState(),
      Array.from({ length: 500 }, (_, index) => rooted(WEB, `f${index}`)),
      minute(0),
    );
    const { id } = only(first);
    const pods = Array.from({ length: 503 }, (_, index) => `Pod shop/p${index}`);
    const keys = new Map(pods.map((key) => [keyEntry('C1', key), id] as const));
    const alerts = pods.map((key, index) => rooted(key, `g${index}`));

    const many = place(stored(first), [...alerts, rooted('Pod shop/p502', 'again')], minute(1), keys);
    const was = placeOf(many, 'g502');
    const repeated = place(stored(many), [rooted('Pod shop/p502', 'g502', { was })], minute(2), keys);

    expect(only(many)).toMatchObject({ rootsBeyond: 4, firing: 1004, total: 1004 });
    expect(only(many).roots).toHaveLength(500);
    expect(only(repeated)).toMatchObject({ rootsBeyond: 4, firing: 1004, total: 1004 });
  });

  it('makes something askable that could not be asked about', () => {
    const state = place(emptyState(), [rooted(WEB, 'f1', { reason: 'the cluster cannot be asked' })], minute(0));

    const later = place(stored(state), [rooted(WEB, 'f2')], minute(1));

    expect(only(later).roots).toMatchObject([{ look: 'waiting', query: { name: 'web' } }]);
    expect(only(later).roots[0]).not.toHaveProperty('reason');
  });
});

describe('an alert that was placed before', () => {
  it('goes where it was, also when its root object is another one by now', () => {
    const state = opened();
    const was = placeOf(state, 'f1');

    const later = place(stored(state), [rooted('Node w-1', 'f1', { was })], minute(1));

    expect(only(later)).toMatchObject({ firing: 1, total: 1 });
    expect(only(later).roots.map(({ key, firing }) => [key, firing])).toEqual([
      [WEB, 0],
      ['Node w-1', 1],
    ]);
  });

  it('opens its incident again within 15 minutes, and everything is looked at anew', () => {
    const state = opened();
    const ended = endAlerts(state, [rooted(WEB, 'f1', { status: 'resolved' }).pending], minute(1));
    const was = placeOf(ended, 'f1');
    const closed = over(ended, minute(1), { looks: 4, healthyLooks: 1 });

    const again = place(closed, [rooted(WEB, 'f1', { was })], minute(15.9));
    const late = place(closed, [rooted(WEB, 'f1', { was })], minute(16));

    expect(only(again)).toMatchObject({
      state: 'open',
      firing: 1,
      total: 1,
      looks: 0,
      healthyLooks: 0,
      events: [{ id: 'e1', at: minute(15.9), kind: 'reopened', text: 'KubePodNotReady fires again.' }],
    });
    expect(only(again)).not.toHaveProperty('resolvedAt');
    expect(only(again)).not.toHaveProperty('resolvedBy');
    expect(again.opened).toEqual(new Set([was.incident]));
    expect(late.incidents.size).toBe(2);
  });

  it('goes on in the incident that its own became a part of', () => {
    const into = only(place(emptyState(), [rooted('Node w-1', 'n1')], minute(-1)));
    const state = opened();
    const was = placeOf(state, 'f1');
    const merged = over(state, minute(1), { resolvedBy: 'merged', mergedInto: into.id, firing: 0 });

    const later = place(
      withIncidents(merged, [into]),
      [rooted(WEB, 'f1', { was: { ...was, status: 'resolved' } })],
      minute(60),
    );

    expect(later.placed).toMatchObject([{ incident: into.id }]);
    expect(later.incidents.get(into.id)).toMatchObject({ firing: 2 });
  });
});

describe('an alert that ends', () => {
  it('counts down once', () => {
    const state = place(emptyState(), [rooted(WEB, 'f1'), rooted(WEB, 'f2')], minute(0));
    const end = rooted(WEB, 'f1', { status: 'resolved', was: placeOf(state, 'f1'), revision: 2 }).pending;

    const once = endAlerts(stored(state), [end], minute(1));
    const twice = endAlerts(once, [end], minute(1));

    expect(only(once)).toMatchObject({ firing: 1, total: 2, roots: [{ firing: 1 }], changedAt: minute(1) });
    expect(twice).toEqual(once);
    expect(once.placed).toMatchObject([{ fingerprint: 'f1', revision: 2, status: 'resolved' }]);
  });

  it('before it was placed is placed nowhere', () => {
    const state = endAlerts(emptyState(), [rooted(WEB, 'f1', { status: 'resolved' }).pending], minute(0));

    expect(state).toEqual({
      ...emptyState(),
      placed: [{ fingerprint: 'f1', revision: 1, incident: '', root: '', status: 'resolved' }],
    });
  });

  it('in an incident that is not known any more is done', () => {
    const was = { incident: 'i-gone', root: WEB, status: 'firing' } as const;

    const state = endAlerts(emptyState(), [rooted(WEB, 'f1', { status: 'resolved', was }).pending], minute(0));

    expect(state.incidents.size).toBe(0);
    expect(state.placed).toEqual([{ fingerprint: 'f1', revision: 1, ...was, status: 'resolved' }]);
  });
});

describe('a repeat', () => {
  it('says at most once a minute that the alert was heard of', () => {
    const state = opened();
    const repeat = rooted(WEB, 'f1', { was: placeOf(state, 'f1') }).pending;

    const soon = endAlerts(stored(state), [repeat], minute(0.5));
    const later = endAlerts(stored(state), [repeat], minute(1));

    expect(soon.changed).toEqual(new Set());
    expect(only(later)).toEqual({ ...only(state), heardAt: minute(1) });
  });

  it('of an incident that is over opens it again when it is a new episode', () => {
    const state = opened();
    const closed = over(state, minute(2), { resolvedBy: 'alerts' });
    const was = placeOf(state, 'f1');

    const repeated = endAlerts(closed, [rooted(WEB, 'f1', { was }).pending], minute(3));
    const anew = endAlerts(closed, [rooted(WEB, 'f1', { was, startsAt: minute(2.5) }).pending], minute(3));

    expect(only(repeated).state).toBe('resolved');
    expect(only(anew)).toMatchObject({ state: 'open', firing: 1, total: 1 });
    expect(anew.opened.size).toBe(1);
  });

  it.each(['cluster', 'silence'] as const)('opens an incident again that is over by %s', (resolvedBy) => {
    const state = opened();
    const closed = over(state, minute(2), { resolvedBy, explained: true });
    const was = placeOf(state, 'f1');

    const again = endAlerts(closed, [rooted(WEB, 'f1', { was }).pending], minute(300));

    expect(only(again)).toMatchObject({
      state: 'open',
      firing: 1,
      total: 1,
      roots: [{ look: 'waiting' }],
      events: [{ at: minute(300), kind: 'reopened', text: 'KubePodNotReady still fires.' }],
    });
    expect(only(again)).not.toHaveProperty('explained');
    expect(only(again)).not.toHaveProperty('resolvedBy');
  });
});

describe('a channel', () => {
  const ops = { alert: { channel: 'C2' } };

  it('has incidents of its own', () => {
    const first = opened();

    const state = place(first, [rooted(WEB, 'f2', ops), rooted(WEB, 'f3', ops)], minute(1));

    expect([...state.incidents.values()].map(({ channel, firing }) => [channel, firing])).toEqual([
      ['C1', 1],
      ['C2', 2],
    ]);
  });

  it('in the same pass, of the same object with the same start', () => {
    const channels = ['C1', 'C2', 'C3'];

    const state = place(
      emptyState(),
      channels.map((channel) => rooted(WEB, channel, { alert: { channel } })),
      minute(0),
    );

    expect([...state.incidents.values()].map(({ channel }) => channel)).toEqual(channels);
  });

  it('gets an alert that was routed to another one before', () => {
    const first = opened();
    const was = placeOf(first, 'f1');

    const state = place(stored(first), [rooted(WEB, 'f1', { ...ops, was })], minute(1));

    expect([...state.incidents.values()].map(({ channel, firing }) => [channel, firing])).toEqual([
      ['C1', 0],
      ['C2', 1],
    ]);
  });
});

describe('a hostile name', () => {
  it('does not enter a sentence as it is', () => {
    const state = opened({ name: `evil\u001b[31m\n${'x'.repeat(300)}` });
    const ended = endAlerts(state, [rooted(WEB, 'f1', { status: 'resolved', name: 'x' }).pending], minute(1));
    const was = placeOf(ended, 'f1');

    const again = place(
      over(ended, minute(1)),
      [rooted(WEB, 'f1', { was, name: `evil\u001b[31m\n${'x'.repeat(300)}` })],
      minute(2),
    );

    expect(only(again).events[0]?.text).toBe(`evil ${'x'.repeat(74)}… fires again.`);
  });
});
