import { describe, expect, it } from 'vitest';
import { applyLooks } from '../../../src/core/triage/apply-looks.ts';
import { keyEntry } from '../../../src/core/triage/incident-keys.ts';
import { type LookRules, planLooks } from '../../../src/core/triage/plan-looks.ts';
import { emptyState, replaceIncident, type TriageState } from '../../../src/core/triage/triage-state.ts';
import { answers, broken, minute, only, place, rooted, stored, verdict, type World } from './triage-world.ts';

const PLENTY: LookRules = { due: [], most: 100, samples: 3 };
/** What {@link PODS} are too many for. */
const FEW: LookRules = { ...PLENTY, most: 20 };

function state(keys: readonly string[], name?: (index: number) => string): TriageState {
  return place(
    emptyState(),
    keys.map((key, index) => rooted(key, `f${index}`, { name: name?.(index) ?? `Alert${index}` })),
    minute(0),
  );
}

function planned(of: TriageState, rules: Partial<LookRules> = {}): readonly string[] {
  return planLooks(of, { ...PLENTY, ...rules }).map(({ root }) => root);
}

function looked(of: TriageState, world: World, rules: Partial<LookRules> = {}): TriageState {
  const { most } = { ...FEW, ...rules };
  return stored(applyLooks(of, answers(planLooks(of, { ...FEW, ...rules }), world), { now: minute(1), most }));
}

function looksOf(of: TriageState): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { look } of [...of.incidents.values()].flatMap(({ roots }) => roots)) {
    counts[look] = (counts[look] ?? 0) + 1;
  }
  return counts;
}

const PODS = Array.from({ length: 40 }, (_, index) => `Pod shop/p${index}`);
const alike = (): string => 'KubePodNotReady';

describe('what is looked at', () => {
  it('is nodes first and single pods last, up to the limit', () => {
    const of = state(['Pod shop/a', 'Deployment shop/b', 'Node w-1', 'PersistentVolumeClaim shop/c']);

    expect(planned(of)).toEqual(['Node w-1', 'Deployment shop/b', 'PersistentVolumeClaim shop/c', 'Pod shop/a']);
    expect(planned(of, { most: 2 })).toEqual(['Node w-1', 'Deployment shop/b']);
    expect(planned(of, { most: 0 })).toEqual([]);
  });

  it('is nothing that was looked at, cannot be asked about or is over', () => {
    const done = looked(state(['Pod shop/a']), (root) => verdict(root, 'healthy'));
    const impossible = place(emptyState(), [rooted('unmapped 1', 'f', { reason: 'no label' })], minute(0));
    const over = replaceIncident(state(['Pod shop/a']), { ...only(state(['Pod shop/a'])), state: 'resolved' });

    expect(planned(done)).toEqual([]);
    expect(planned(impossible, { due: [only(impossible).id] })).toEqual([]);
    expect(planned(over)).toEqual([]);
  });

  it('takes incidents in turns, the oldest first', () => {
    const first = place(emptyState(), [rooted('Deployment shop/a', 'a')], minute(0));
    const others = ['Deployment shop/b', 'Deployment shop/c'];
    const keys = new Map(others.map((key) => [keyEntry('C1', key), only(first).id] as const));
    const more = place(
      stored(first),
      others.map((key, index) => rooted(key, `b${index}`, { name: `B${index}` })),
      minute(1),
      keys,
    );
    const all = place(stored(more), [rooted('Deployment shop/z', 'z', { name: 'Z' })], minute(2));

    expect(planned(all)).toEqual(['Deployment shop/a', 'Deployment shop/z', 'Deployment shop/b', 'Deployment shop/c']);
  });

  it('is everything that waits while one pass can look at it, and of more that stand alike only samples', () => {
    expect(planned(state(PODS, alike), { most: 40 })).toHaveLength(40);
    expect(planned(state(PODS, alike), { most: 39 })).toHaveLength(3);
    expect(planned(state(PODS, alike), { most: 39, samples: 2 })).toHaveLength(2);
    expect(
      planned(
        state(PODS, (index) => `Alert${index % 2}`),
        { most: 39 },
      ),
    ).toHaveLength(6);
  });

  it('of what is due is what answers for its causes, and what the cluster did not answer for', () => {
    const of = looked(state(['Deployment shop/a', 'Deployment shop/b']), (root) =>
      root.endsWith('a') ? broken(root) : { code: 'CLUSTER_UNREACHABLE' },
    );

    expect(planned(of)).toEqual([]);
    expect(planned(of, { due: [...of.incidents.keys()] })).toEqual(['Deployment shop/a', 'Deployment shop/b']);
  });

  it('keeps a quarter for what is due', () => {
    const old = looked(state(['Deployment shop/a', 'Deployment shop/b']), (root) => broken(root));
    const all = place(
      old,
      PODS.map((key, index) => rooted(key, `p${index}`, { name: `P${index}` })),
      minute(2),
    );

    const looks = planned(all, { due: [...old.incidents.keys()], most: 4 });

    expect(looks).toHaveLength(4);
    expect(looks.at(-1)).toBe('Deployment shop/a');
  });
});

describe('samples', () => {
  it('that all blame the same other thing speak for the rest', () => {
    const of = looked(state(PODS, alike), (root) => broken(root, { blames: 'ConfigMap shop/x' }));

    expect(looksOf(of)).toEqual({ done: 3, 'left-out': 37 });
    expect([...of.incidents.values()].flatMap(({ roots, causes }) => [roots[0]?.cause, causes[0]?.key])).toEqual(
      Array.from({ length: 80 }, () => 'ConfigMap shop/x missing-configmap-or-secret'),
    );
  });

  it.each<[string, World]>([
    ['each blame themselves', (root) => broken(root)],
    ['blame different things', (root) => broken(root, { blames: `ConfigMap shop/${root.length}${root.at(-1)}` })],
    [
      'are well but for two',
      (root) => (root.endsWith('0') ? broken(root, { blames: 'ConfigMap shop/x' }) : verdict(root, 'healthy')),
    ],
  ])('that %s do not, and more of them are looked at up to 20', (_, world) => {
    let of = looked(state(PODS, alike), world);
    expect(looksOf(of)).toEqual({ done: 3, waiting: 37 });

    for (let round = 0; round < 10; round += 1) {
      of = looked(of, world);
    }

    expect(looksOf(of)).toEqual({ done: 20, 'left-out': 20 });
    expect(
      [...of.incidents.values()].filter(({ roots }) => roots[0]?.look === 'left-out').flatMap(({ causes }) => causes),
    ).toEqual([]);
  });

  it('do not speak for a few that come later', () => {
    const of = looked(state(PODS, alike), (root) => broken(root, { blames: 'ConfigMap shop/x' }));
    const more = place(of, [rooted('Pod shop/new', 'new')], minute(2));

    expect(planned(more)).toEqual(['Pod shop/new']);
    expect(looksOf(applyLooks(more, [], { now: minute(2), most: 20 }))).toEqual({
      done: 3,
      'left-out': 37,
      waiting: 1,
    });
  });

  it('of another channel count for themselves', () => {
    const other = PODS.map((key, index) => rooted(key, `f${index}`, { alert: { channel: `C${index % 2}` } }));

    expect(planned(place(emptyState(), other, minute(0)), FEW)).toHaveLength(6);
  });

  it('that were left out without a cause are looked at when nothing else is to be, a few at a time', () => {
    let of = state(PODS, alike);
    for (let round = 0; round < 10; round += 1) {
      of = looked(of, (root) => broken(root));
    }
    const due = [...of.incidents.values()].filter(({ roots }) => roots[0]?.look === 'left-out').map(({ id }) => id);

    expect(due).toHaveLength(20);
    expect(planned(of, { due })).toHaveLength(3);
  });
});
