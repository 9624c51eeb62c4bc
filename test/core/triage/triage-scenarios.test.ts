import { describe, expect, it } from 'vitest';
import type { Diagnosis } from '../../../src/core/diagnosis/diagnosis.ts';
import { loadStep } from '../../../src/core/triage/channel-load.ts';
import { emptyState } from '../../../src/core/triage/triage-state.ts';
import { finding } from '../render/diagnoses.ts';
import { broken, minute, only, pass, rooted, settleDown, verdict, type World } from './triage-world.ts';

const API = 'Deployment shop/blog-api';
const WEB = 'Deployment shop/i-web';

const subpath = { code: 'subpath-key-missing-type-mismatch', cause: 'key `app.yml` is missing in ConfigMap `blog`' };
const cascade = { code: 'probe-dependency-cascade', cause: 'the readiness probe of `web` calls `blog-api`' };

function worldOf(diagnoses: Readonly<Record<string, Diagnosis>>): World {
  return (root) => diagnoses[root] ?? { code: 'SUBJECT_NOT_FOUND' };
}

describe('a dependency that fails and what depends on it', () => {
  const shared = 'ConfigMap shop/blog';

  it.each<[string, Readonly<Record<string, Diagnosis>>]>([
    [
      'both blame one thing',
      {
        [API]: broken(API, { ...subpath, blames: shared }),
        [WEB]: broken(WEB, {
          ...cascade,
          blames: API,
          root: { subject: 'shop/blog-api-5d9f8c6b5d-x2x4z', finding: finding({ ...subpath, blames: shared }) },
        }),
      },
    ],
    [
      'one blames the other',
      {
        [API]: broken(API, subpath),
        [WEB]: broken(WEB, { ...cascade, blames: API }),
      },
    ],
    [
      'one names only a pod of the other',
      {
        [API]: broken(API, subpath),
        [WEB]: broken(WEB, {
          ...cascade,
          root: { subject: 'shop/blog-api-5d9f8c6b5d-x2x4z', finding: finding(subpath) },
        }),
      },
    ],
    [
      'one blames the other, which blames something else',
      {
        [API]: broken(API, { ...subpath, blames: shared }),
        [WEB]: broken(WEB, { ...cascade, blames: API }),
      },
    ],
  ])('are one incident with the dependency first: %s', (_, diagnoses) => {
    const alerts = [rooted(WEB, 'a1'), rooted(WEB, 'a2'), rooted(API, 'b1')];

    for (const fresh of [alerts, alerts.toReversed()]) {
      const { state } = settleDown(emptyState(), { now: minute(0), fresh, world: worldOf(diagnoses) });

      expect(state.incidents.size).toBe(1);
      expect(only(state)).toMatchObject({ firing: 3, total: 3, events: [] });
      expect(only(state).causes[0]).toMatchObject({
        code: subpath.code,
        headline: 'Deployment shop/blog-api: key `app.yml` is missing in ConfigMap `blog`',
        root: API,
      });
    }
  });

  it('become one incident later, and the thread of the first goes on', () => {
    const world = worldOf({
      [API]: broken(API, { ...subpath, blames: shared }),
      [WEB]: broken(WEB, {
        ...cascade,
        root: { subject: 'shop/blog-api-5d9f8c6b5d-x2x4z', finding: finding({ ...subpath, blames: shared }) },
      }),
    });
    const first = pass(emptyState(), { now: minute(0), fresh: [rooted(WEB, 'a1')], world });
    const second = pass(first, { now: minute(1), fresh: [rooted(API, 'b1')], world });

    expect(second.incidents.size).toBe(1);
    expect(only(second).id).toBe(only(first).id);
    expect(only(second).causes).toEqual([
      {
        key: `${shared} ${subpath.code}`,
        blames: shared,
        code: subpath.code,
        title: finding().title,
        headline: 'Deployment shop/blog-api: key `app.yml` is missing in ConfigMap `blog`',
        state: 'confirmed',
        root: API,
        at: minute(1),
        version: 2,
      },
    ]);
    expect(only(second).events).toEqual([
      {
        id: 'e1',
        at: minute(1),
        kind: 'joined',
        text: '1 alert of KubePodNotReady joined: Deployment shop/blog-api.',
      },
    ]);
  });
});

describe('a storm', () => {
  const nodes = Array.from({ length: 40 }, (_, index) => `Node worker-${index}`);
  const pods = Array.from({ length: 2000 }, (_, index) => `Pod fleet/app${index}`);
  const nodeTrouble = {
    code: 'node-notready-xtables-contention',
    title: 'The iptables lock is held',
    stage: 'node',
    cause: 'iptables is locked',
  } as const;

  /** Every pod is ill because of its node. */
  function massStart(root: string): Diagnosis {
    if (root.startsWith('Node ')) {
      return broken(root, { ...nodeTrouble, blames: root });
    }
    const node = `Node worker-${Number(root.slice('Pod fleet/app'.length)) % 40}`;
    return broken(root, {
      code: 'node-not-ready',
      blames: node,
      root: { subject: node, finding: finding({ ...nodeTrouble, blames: node }) },
    });
  }

  it('of 40 nodes and 2,000 pods is one incident after few looks', () => {
    const alerts = [
      ...pods.map((key, index) =>
        rooted(key, `p${index}`, { name: 'KubePodNotReady', stands: [`not ready on worker-${index % 40}`] }),
      ),
      ...nodes.map((key, index) => rooted(key, `n${index}`, { name: 'KubeNodeNotReady' })),
    ];
    const { state, looks } = settleDown(emptyState(), { now: minute(0), fresh: alerts, world: massStart });

    expect([...state.incidents.values()].filter((one) => one.state === 'open')).toHaveLength(1);
    expect(only(state)).toMatchObject({ firing: 2040, total: 2040, rootsBeyond: 1540 });
    expect(only(state).causes[0]).toMatchObject({
      key: `nodes node-notready-xtables-contention ${minute(-5)}`,
      headline: expect.stringMatching(/^40 nodes: The iptables lock is held: (worker-\d+, ){2}worker-\d+ \+37$/),
    });
    expect(looks).toBeLessThan(200);
  });

  it('names its cause in the first pass', () => {
    const alerts = nodes.map((key, index) => rooted(key, `n${index}`, { name: 'KubeNodeNotReady' }));

    const state = pass(emptyState(), { now: minute(0), fresh: alerts, world: massStart });

    const [cause, ...others] = only(state).causes;
    expect(others).toEqual([]);
    expect(cause?.headline).toMatch(/^40 nodes: The iptables lock is held: /);
    expect(only(state).roots.filter(({ look }) => look === 'done')).toHaveLength(3);
  });

  it('with many causes stays many incidents, looks at few of those that stand alike, and is shown in one digest', () => {
    const alerts = pods.slice(0, 400).map((key, index) => rooted(key, `p${index}`));
    const own: World = (root) => broken(root, { code: 'crash-application-error' });

    const { state, looks } = settleDown(emptyState(), { now: minute(0), fresh: alerts, world: own });

    const incidents = [...state.incidents.values()];
    const step = loadStep(undefined, incidents, {
      now: minute(0),
      incidentsPerMinute: 10,
      calmMinutes: 5,
      newId: () => 'd-1',
      cluster: 'prod',
      channel: 'C1',
      open: [],
    });
    expect(incidents).toHaveLength(400);
    expect(looks).toBe(20);
    expect(incidents.filter(({ roots }) => roots[0]?.look === 'left-out')).toHaveLength(380);
    expect(step.inDigest.size).toBe(400);
    expect(step.load.digest).toMatchObject({ id: 'd-1', state: 'storm', beyond: 0 });
  });

  it('does not keep another incident waiting', () => {
    const alerts = pods.slice(0, 400).map((key, index) => rooted(key, `p${index}`));
    const other = rooted('Deployment shop/web', 'w1', { name: 'KubeDeploymentReplicasMismatch' });
    const stormy = pass(emptyState(), { now: minute(0), fresh: alerts, world: massStart, most: 4 });

    const state = pass(stormy, { now: minute(0.1), fresh: [other], world: massStart, most: 4 });

    const roots = [...state.incidents.values()].flatMap((incident) => incident.roots);
    expect(roots.find(({ key }) => key === 'Deployment shop/web')).toMatchObject({ look: 'done' });
  });
});

describe('an incident whose alerts never end', () => {
  it('is not closed when nothing wrong was ever found', () => {
    const world: World = () => verdict(API, 'healthy');
    let state = pass(emptyState(), { now: minute(0), fresh: [rooted(API, 'b1', { name: 'HighErrorRate' })], world });
    for (const at of [5.1, 10.2, 15.3, 120]) {
      state = pass(state, { now: minute(at), world });
    }

    expect(only(state)).toMatchObject({ state: 'open', firing: 1, events: [] });
  });

  it('is closed as well when its cause went away by way of an unknown state, and open when it still fires', () => {
    const fresh = [rooted(API, 'b1')];
    const ill = pass(emptyState(), { now: minute(0), fresh, world: () => broken(API, subpath) });
    const starting = pass(ill, { now: minute(1.1), world: () => verdict(API, 'starting') });
    const world: World = () => verdict(API, 'healthy');
    const well = pass(pass(starting, { now: minute(2.2), world }), { now: minute(8), world });
    const was = { incident: only(ill).id, root: API, status: 'firing' } as const;
    const again = pass(well, { now: minute(300), ended: [rooted(API, 'b1', { was })], world });
    const later = pass(pass(again, { now: minute(305.1), world }), { now: minute(311), world });

    expect(only(well)).toMatchObject({ state: 'resolved', resolvedBy: 'cluster' });
    expect(only(again)).toMatchObject({ state: 'open', firing: 1 });
    expect(only(again).events.at(-1)).toMatchObject({ kind: 'reopened', text: 'KubePodNotReady still fires.' });
    expect(only(later).state).toBe('open');
  });

  it('is closed when the cluster was well twice, five minutes apart', () => {
    const ill = pass(emptyState(), {
      now: minute(0),
      fresh: [rooted(API, 'b1')],
      world: () => broken(API, subpath),
    });
    const world: World = () => verdict(API, 'healthy');
    const well = pass(ill, { now: minute(1), world });
    const early = pass(well, { now: minute(3), world });
    const late = pass(early, { now: minute(6), world });

    expect(only(well)).toMatchObject({
      state: 'open',
      healthyLooks: 1,
      nextLookAt: minute(6),
      events: [
        {
          kind: 'note',
          text: 'Nothing is found to be wrong any more, although 1 alert still fires; when the next look says the same, this is over.',
        },
      ],
    });
    expect(only(early)).toEqual(only(well));
    expect(only(late)).toMatchObject({ state: 'resolved', resolvedBy: 'cluster', firing: 1 });
    expect(only(late).events.at(-1)).toEqual({
      id: 'e2',
      at: minute(6),
      kind: 'resolved',
      text: 'Nothing is wrong there any more, as two looks at the cluster say; 1 alert still fires.',
    });
    expect(only(late).causes[0]?.code).toBe(subpath.code);
  });
});
