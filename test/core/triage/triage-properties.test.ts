import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keysOf, mergeIncidents } from '../../../src/core/triage/merge-incidents.ts';
import { endAlerts } from '../../../src/core/triage/place-alerts.ts';
import type { RootedAlert } from '../../../src/core/triage/rooted-alert.ts';
import type { AlertPlace } from '../../../src/core/triage/stored-alert.ts';
import { emptyState, followMerged, type TriageState } from '../../../src/core/triage/triage-state.ts';
import { broken, minute, pass, place, rooted, settleDown, stored, verdict, type World } from './triage-world.ts';

const ROOTS = [
  'Deployment shop/a',
  'Deployment shop/b',
  'Pod shop/a-5d9f8c6b5d-x2x4z',
  'Node w-1',
  'Node w-2',
  'Node w-3',
  'StatefulSet shop/db',
  'Pod shop/db-0',
] as const;
const BLAMED = [
  '',
  'ConfigMap shop/x',
  'Deployment shop/a',
  'Node w-1',
  'shop/db-0',
  'healthy',
  'gone',
  'off',
] as const;

const root = fc.constantFrom(...ROOTS);
/** What each root object blames. */
const blames = fc.tuple(...ROOTS.map(() => fc.constantFrom(...BLAMED)));

function worldOf(chosen: readonly string[]): World {
  return (key) => {
    const blamed = chosen[ROOTS.findIndex((one) => one === key)] ?? '';
    switch (blamed) {
      case 'healthy':
        return verdict(key, 'healthy');
      case 'gone':
        return { code: 'SUBJECT_NOT_FOUND' };
      case 'off':
        return { code: 'CLUSTER_UNREACHABLE' };
      default:
        return broken(key, blamed === '' ? { code: 'own' } : { code: 'other', blames: blamed });
    }
  };
}

/** Where every alert is. */
type Places = ReadonlyMap<string, AlertPlace>;

function placesAfter(places: Places, { placed }: TriageState): Places {
  return new Map([...places, ...placed.map((one) => [one.fingerprint, one] as const)]);
}

/** Counts of alerts that fire, by incident and by root object in it, as the places say. */
function countsOf(places: Places, state: TriageState): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { incident, root: key, status } of places.values()) {
    const id = followMerged(state.incidents, incident)?.id ?? '';
    counts[id] = (counts[id] ?? 0) + Number(status === 'firing');
    counts[`${id} ${key}`] = (counts[`${id} ${key}`] ?? 0) + Number(status === 'firing');
  }
  return withoutZero(counts);
}

function shownCounts({ incidents }: TriageState): Readonly<Record<string, number>> {
  const entries = [...incidents.values()].flatMap(({ id, firing, roots }) => [
    [id, firing] as const,
    ...roots.map((one) => [`${id} ${one.key}`, one.firing] as const),
  ]);
  return withoutZero(Object.fromEntries(entries));
}

function withoutZero(counts: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
}

/** Which alerts are together. */
function grouping(places: Places, state: TriageState): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const [fingerprint, { incident }] of places) {
    const id = followMerged(state.incidents, incident)?.id ?? '';
    groups.set(id, [...(groups.get(id) ?? []), fingerprint]);
  }
  return [...groups.values()].map((group) => group.toSorted().join(' ')).toSorted();
}

interface Step {
  readonly alerts: readonly { readonly alert: number; readonly root: string; readonly fires: boolean }[];
  readonly minutes: number;
  readonly blames: readonly string[];
}

const step: fc.Arbitrary<Step> = fc.record({
  alerts: fc.uniqueArray(fc.record({ alert: fc.nat(9), root, fires: fc.boolean() }), {
    maxLength: 6,
    selector: ({ alert }) => alert,
  }),
  minutes: fc.constantFrom(0.02, 1, 6, 20),
  blames,
});

/** One pass with the alerts of a step, split as the use case splits them. */
function run(before: TriageState, places: Places, { alerts, blames: chosen }: Step, now: string): TriageState {
  const changes = alerts.map(({ alert, root: key, fires }) => {
    const was = places.get(`f${alert}`);
    return rooted(key, `f${alert}`, { status: fires ? 'firing' : 'resolved', ...(was && { was }) });
  });
  const isFresh = ({ pending }: RootedAlert): boolean =>
    pending.alert.mapped.alert.status === 'firing' && pending.was?.status !== 'firing';
  return pass(before, {
    now,
    fresh: changes.filter(isFresh),
    ended: changes.filter((one) => !isFresh(one)),
    world: worldOf(chosen),
  });
}

describe('the counts of incidents', () => {
  it('are those of the alerts that fire in them, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let state = emptyState();
        let places: Places = new Map();
        let at = 0;
        for (const one of steps) {
          at += one.minutes;
          state = run(state, places, one, minute(at));
          places = placesAfter(places, state);

          expect(shownCounts(state)).toEqual(countsOf(places, state));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('stay as they are when the same alerts come again', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), (steps) => {
        const world = worldOf([]);
        const alerts = steps.flatMap((one) => one.alerts);
        const fresh = [...new Map(alerts.map((one) => [one.alert, rooted(one.root, `f${one.alert}`)])).values()];
        const first = pass(emptyState(), { now: minute(0), fresh, world });
        const places = placesAfter(new Map(), first);
        const again = fresh.map(({ pending, root: own }) => {
          const was = places.get(pending.alert.mapped.alert.fingerprint);
          return { pending: { ...pending, ...(was && { was }) }, root: own };
        });

        const repeated = place(stored(first), again, minute(0.5));
        const ended = endAlerts(
          stored(first),
          again.map(({ pending }) => pending),
          minute(0.5),
        );

        expect(repeated.incidents).toEqual(first.incidents);
        expect(repeated.changed).toEqual(new Set());
        expect(ended.incidents).toEqual(first.incidents);
        expect(ended.changed).toEqual(new Set());
      }),
    );
  });

  it('stay as they are when the same is placed twice in one pass', () => {
    fc.assert(
      fc.property(fc.array(root, { maxLength: 8 }), (keys) => {
        const alerts = keys.map((key, index) => rooted(key, `f${index}`));
        const once = place(emptyState(), alerts, minute(0));

        expect(place(once, alerts, minute(0))).toEqual(once);
      }),
    );
  });
});

describe('what is grouped together', () => {
  it('does not depend on the order in which alerts come', () => {
    fc.assert(
      fc.property(fc.array(root, { minLength: 1, maxLength: 8 }), blames, fc.nat(), (keys, chosen, seed) => {
        const world = worldOf(chosen);
        const alerts = keys.map((key, index) => rooted(key, `f${index}`));
        const shuffled = alerts.toSorted((a, b) => orderOf(a, seed) - orderOf(b, seed));

        const [first, second] = [alerts, shuffled].map((fresh) => {
          const placed = pass(emptyState(), { now: minute(0), fresh, world });
          const places = placesAfter(new Map(), placed);
          const { state } = settleDown(placed, { now: minute(0.1), world });
          return grouping(places, state);
        });

        expect(first).toEqual(second);
      }),
    );
  });

  it('does not depend on whether alerts come at once or one by one', () => {
    fc.assert(
      fc.property(fc.array(root, { minLength: 1, maxLength: 8 }), blames, (keys, chosen) => {
        const world = worldOf(chosen);
        const alerts = keys.map((key, index) => rooted(key, `f${index}`));
        const together = settleDown(emptyState(), { now: minute(0), fresh: alerts, world });
        const atOnce = placesAfter(new Map(), pass(emptyState(), { now: minute(0), fresh: alerts, world }));

        let state = emptyState();
        let places: Places = new Map();
        alerts.forEach((alert, index) => {
          state = pass(state, { now: minute(index / 60), fresh: [alert], world });
          places = placesAfter(places, state);
        });

        expect(grouping(places, state)).toEqual(grouping(atOnce, together.state));
      }),
    );
  });
});

describe('merging', () => {
  it('twice is merging once', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), (steps) => {
        let state = emptyState();
        let places: Places = new Map();
        steps.forEach((one, index) => {
          state = run(state, places, one, minute(index));
          places = placesAfter(places, state);
        });

        const once = mergeIncidents(stored(state), new Map(), minute(30));
        const twice = mergeIncidents(stored(once), new Map(), minute(31));

        expect(twice).toEqual(stored(once));
      }),
    );
  });

  it('leaves no key that leads to two open incidents', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), (steps) => {
        let state = emptyState();
        let places: Places = new Map();
        steps.forEach((one, index) => {
          state = run(state, places, one, minute(index));
          places = placesAfter(places, state);
        });

        const keys = [...state.incidents.values()].filter((one) => one.state === 'open').flatMap(keysOf);

        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });
});

function orderOf({ pending }: RootedAlert, seed: number): number {
  const digit = Number(pending.alert.mapped.alert.fingerprint.slice(1));
  return ((digit + 1) * ((seed % 1009) | 1)) % 101;
}
