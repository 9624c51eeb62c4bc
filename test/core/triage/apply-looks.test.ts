import { describe, expect, it } from 'vitest';
import { applyLooks } from '../../../src/core/triage/apply-looks.ts';
import { keyEntry } from '../../../src/core/triage/incident-keys.ts';
import type { Look } from '../../../src/core/triage/plan-looks.ts';
import { emptyState, type TriageState } from '../../../src/core/triage/triage-state.ts';
import { finding } from '../render/diagnoses.ts';
import {
  answers,
  broken,
  minute,
  only,
  place,
  queryOf,
  rooted,
  rootIn,
  stored,
  verdict,
  type World,
} from './triage-world.ts';

const WEB = 'Deployment shop/web';
const API = 'Deployment shop/api';
const CONFIG = 'ConfigMap shop/app-confg';
const OF_CONFIG = `${CONFIG} missing-configmap-or-secret`;

/** One incident with these root objects. */
function incidentOf(...keys: readonly string[]): TriageState {
  const [first = WEB, ...rest] = keys;
  const opened = place(emptyState(), [rooted(first, 'f0', { name: 'A0' })], minute(0));
  const leads = new Map(rest.map((key) => [keyEntry('C1', key), only(opened).id]));
  return place(
    opened,
    rest.map((key, index) => rooted(key, `f${index + 1}`, { name: `A${index + 1}` })),
    minute(0),
    leads,
  );
}

function look(state: TriageState, world: World, now: string, keys?: readonly string[]): TriageState {
  const looks: readonly Look[] = [...state.incidents.values()].flatMap(({ id, roots }) =>
    roots
      .filter(({ key }) => keys?.includes(key) ?? true)
      .map(({ key }) => ({ incident: id, root: key, query: queryOf(key) })),
  );
  return applyLooks(state, answers(looks, world), { now, most: 24 });
}

describe('the cause of a root object', () => {
  it('has the first line of the answer', () => {
    const state = look(incidentOf(WEB), () => broken(WEB), minute(1));

    expect(only(state)).toMatchObject({ looks: 1, healthyLooks: 0, changedAt: minute(1), events: [] });
    expect(only(state).roots).toMatchObject([
      {
        look: 'done',
        cause: WEB,
        says: 'Deployment shop/web: ConfigMap `app-confg` does not exist; `app-config` does',
      },
    ]);
    expect(only(state).causes).toEqual([
      {
        key: WEB,
        code: 'missing-configmap-or-secret',
        title: 'A referenced ConfigMap or Secret does not exist',
        headline: 'Deployment shop/web: ConfigMap `app-confg` does not exist; `app-config` does',
        state: 'confirmed',
        root: WEB,
        at: minute(1),
        version: 1,
      },
    ]);
  });

  it.each([
    ['what it blames, with its trouble', { blames: CONFIG }, OF_CONFIG],
    ['a pod that it blames', { blames: 'shop/api-0' }, 'Pod shop/api-0 missing-configmap-or-secret'],
    [
      'what is behind another object',
      { blames: API, root: { subject: 'shop/api-0', finding: finding({ blames: CONFIG }) } },
      OF_CONFIG,
    ],
    [
      'what it blames before the other object',
      { blames: API, root: { subject: 'shop/api-0', finding: finding() } },
      API,
    ],
    ['the other object', { root: { subject: 'shop/api-0', finding: finding() } }, 'Pod shop/api-0'],
    ['another node', { root: { subject: 'Node w-1', finding: finding() } }, 'Node w-1'],
    ['itself', {}, WEB],
    ['itself where it blames itself', { blames: WEB }, WEB],
  ])('is known by %s', (_, change, key) => {
    expect(only(look(incidentOf(WEB), () => broken(WEB, change), minute(1))).causes).toMatchObject([{ key }]);
  });

  it.each([
    ['unknown', 'unknown', 'Deployment shop/web: cannot tell what is wrong with it'],
    ['starting', 'unknown', 'Deployment shop/web is still starting'],
    ['stopping', 'unknown', 'Deployment shop/web is being deleted'],
    ['healthy', 'healthy', 'Deployment shop/web: nothing is wrong'],
    ['finished', 'healthy', 'Deployment shop/web has finished'],
  ] as const)('may not be known: %s', (says, state, headline) => {
    const incident = only(look(incidentOf(WEB), () => verdict(WEB, says), minute(1)));

    expect(incident.causes).toMatchObject([{ key: WEB, code: '', state, headline, root: WEB }]);
    expect(incident.healthyLooks).toBe(state === 'healthy' ? 1 : 0);
  });

  it('that is gone is none', () => {
    const incident = only(look(incidentOf(WEB), () => ({ code: 'SUBJECT_NOT_FOUND' }), minute(1)));

    expect(incident.causes).toMatchObject([{ state: 'healthy', headline: 'Deployment shop/web is gone' }]);
    expect(incident.healthyLooks).toBe(1);
  });

  it('that could not be looked at says why, and stays what it was when it was known', () => {
    const failing: World = () => ({ code: 'CLUSTER_UNREACHABLE' });
    const known = look(incidentOf(WEB), () => broken(WEB), minute(1));

    const never = only(look(incidentOf(WEB), failing, minute(1)));
    const before = only(look(stored(known), failing, minute(2)));

    expect(never.roots).toMatchObject([{ look: 'impossible', reason: `cannot look at ${WEB}` }]);
    expect(never).toMatchObject({ causes: [], looks: 1 });
    expect(before).toMatchObject({
      roots: only(known).roots,
      causes: only(known).causes,
      looks: 2,
      changedAt: minute(1),
    });
  });

  it('is no news when the answer is the same', () => {
    const first = look(incidentOf(WEB), () => broken(WEB), minute(1));
    const again = look(stored(first), () => broken(WEB), minute(2));

    expect(only(again)).toEqual({
      ...only(first),
      looks: 2,
      causes: only(first).causes.map((cause) => ({ ...cause, at: minute(2) })),
    });
  });

  it('has another version when the answer is another one', () => {
    const first = look(incidentOf(WEB), () => broken(WEB, { state: 'likely' }), minute(1));
    const again = look(stored(first), () => broken(WEB), minute(2));

    expect(only(again)).toMatchObject({ causes: [{ version: 2, state: 'confirmed' }], looks: 1, changedAt: minute(2) });
    expect(only(again).events).toEqual([]);
  });

  it('that became another one is told, but not its first name', () => {
    const first = look(incidentOf(WEB), () => broken(WEB), minute(1));
    const again = look(stored(first), () => broken(WEB, { blames: CONFIG, cause: 'another thing' }), minute(2));

    expect(only(first).events).toEqual([]);
    expect(only(again).causes).toMatchObject([{ key: OF_CONFIG, blames: CONFIG, version: 1 }]);
    expect(only(again).events).toEqual([
      { id: 'e1', at: minute(2), kind: 'cause', text: 'The cause is another one: Deployment shop/web: another thing.' },
    ]);
  });

  it('keeps hostile text in one printable line', () => {
    const state = look(incidentOf(WEB), () => broken(WEB, { cause: `a\u001b[31m\nb ${'x'.repeat(900)}` }), minute(1));

    expect(only(state).causes[0]?.headline).toMatch(/^Deployment shop\/web: a b x{400,}…$/);
    expect(only(state).causes[0]?.headline).toHaveLength(500);
  });
});

describe('several causes', () => {
  it('have that first which explains most, and what was found before what was not', () => {
    const keys = ['a', 'b', 'c', 'd'].map((name) => `Deployment shop/${name}`);
    const diagnoses: Readonly<Record<string, ReturnType<typeof broken>>> = {
      'Deployment shop/a': verdict('Deployment shop/a', 'unknown'),
      'Deployment shop/b': broken('Deployment shop/b'),
      'Deployment shop/c': broken('Deployment shop/c', { blames: CONFIG }),
      'Deployment shop/d': broken('Deployment shop/d', { blames: CONFIG }),
    };

    const state = look(incidentOf(...keys), (root) => diagnoses[root] ?? { code: 'SUBJECT_NOT_FOUND' }, minute(1));

    expect(only(state).causes.map(({ key }) => key)).toEqual([OF_CONFIG, 'Deployment shop/b', 'Deployment shop/a']);
  });

  it('have what others follow from before them, although it explains less', () => {
    const world: World = (root) => (root === API ? broken(API, { blames: CONFIG }) : broken(root, { blames: API }));

    const state = look(incidentOf(WEB, 'Deployment shop/b', API), world, minute(1));

    expect(only(state).causes.map(({ key }) => key)).toEqual([OF_CONFIG, `${API} missing-configmap-or-secret`]);
  });

  it('are of what is to blame and the trouble, so that one thing may be to blame for several', () => {
    const codes: Readonly<Record<string, string>> = { [WEB]: 'mount-failed', [API]: 'pod-ip-exhaustion' };
    const world: World = (root) => broken(root, { code: codes[root] ?? '', blames: 'Node w-1' });

    const { roots, causes } = only(look(incidentOf(WEB, API), world, minute(1)));

    expect(causes.map(({ key, blames, root }) => [key, blames, root])).toEqual([
      ['Node w-1 mount-failed', 'Node w-1', WEB],
      ['Node w-1 pod-ip-exhaustion', 'Node w-1', API],
    ]);
    expect(roots.map(({ cause }) => cause)).toEqual(['Node w-1 mount-failed', 'Node w-1 pod-ip-exhaustion']);
  });

  it('are one where an object follows from another one', () => {
    const behind = finding({ code: 'subpath', blames: CONFIG });
    const world: World = (root) =>
      root === API
        ? broken(API, { code: 'subpath', blames: CONFIG })
        : broken(WEB, { code: 'probe', blames: API, root: { subject: 'shop/api-0', finding: behind } });

    const { causes } = only(look(incidentOf(WEB, API), world, minute(1)));

    expect(causes.map(({ key, root }) => [key, root])).toEqual([[`${CONFIG} subpath`, API]]);
  });

  it('may go in a circle', () => {
    const world: World = (root) => broken(root, { blames: root === API ? WEB : API });

    expect(only(look(incidentOf(WEB, API), world, minute(1))).causes).toHaveLength(2);
  });

  it('are at most 20', () => {
    const keys = Array.from({ length: 30 }, (_, index) => `Deployment shop/d${index}`);

    expect(only(look(incidentOf(...keys), (root) => broken(root), minute(1))).causes).toHaveLength(20);
  });
});

describe('an object that recovers', () => {
  it('lets the others with its cause be looked at again, and another one answer for it', () => {
    const ill = look(incidentOf(WEB, API), (root) => broken(root, { blames: CONFIG }), minute(1));
    const answering = only(ill).causes[0]?.root ?? '';
    const other = answering === WEB ? API : WEB;

    const state = look(stored(ill), (root) => verdict(root, 'healthy'), minute(2), [answering]);

    expect(rootIn(only(state), answering)).not.toHaveProperty('cause');
    expect(rootIn(only(state), other)).toMatchObject({ look: 'waiting', cause: OF_CONFIG });
    expect(only(state)).toMatchObject({ healthyLooks: 0, causes: [{ key: OF_CONFIG, root: other }] });
  });

  it('leaves what was wrong as the cause', () => {
    const ill = look(incidentOf(WEB), () => broken(WEB), minute(1));
    const well = look(stored(ill), () => verdict(WEB, 'healthy'), minute(2));
    const unknown = look(stored(well), () => verdict(WEB, 'unknown'), minute(3));

    expect(only(well).causes).toEqual(only(ill).causes);
    expect(only(well).healthyLooks).toBe(1);
    expect(only(unknown)).toMatchObject({ healthyLooks: 0, causes: [{ state: 'unknown' }] });
  });

  it('counts as well only while the cluster answers, and only with all that fires', () => {
    const healthy: World = (root) => verdict(root, 'healthy');
    const well = look(incidentOf(WEB), healthy, minute(1));
    const partly = look(incidentOf(WEB, API), healthy, minute(1), [WEB]);

    expect(only(look(stored(well), () => ({ code: 'CLUSTER_UNREACHABLE' }), minute(7))).healthyLooks).toBe(0);
    expect(only(look(stored(well), healthy, minute(5.9))).healthyLooks).toBe(1);
    expect(only(look(stored(well), healthy, minute(6))).healthyLooks).toBe(2);
    const again = answers([{ incident: only(well).id, root: WEB, query: queryOf(WEB) }], healthy);
    expect(only(applyLooks(stored(well), again, { now: minute(1.5), most: 24, minuteMs: 6000 })).healthyLooks).toBe(2);
    expect(only(partly).healthyLooks).toBe(0);
  });
});

describe('a look', () => {
  it('at an incident or an object that is not known any more changes nothing', () => {
    const state = incidentOf(WEB);
    const unknown: readonly Look[] = [
      { incident: 'i-gone', root: WEB, query: queryOf(WEB) },
      { incident: only(state).id, root: API, query: queryOf(API) },
    ];

    const after = applyLooks(
      stored(state),
      answers(unknown, (root) => broken(root)),
      { now: minute(1), most: 24 },
    );

    expect(only(after)).toMatchObject({ causes: [], roots: only(state).roots });
  });
});
