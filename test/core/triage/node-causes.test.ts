import { describe, expect, it } from 'vitest';
import { applyLooks } from '../../../src/core/triage/apply-looks.ts';
import { mergeIncidents } from '../../../src/core/triage/merge-incidents.ts';
import type { Look } from '../../../src/core/triage/plan-looks.ts';
import { emptyState, type TriageState } from '../../../src/core/triage/triage-state.ts';
import { finding } from '../render/diagnoses.ts';
import { answers, broken, minute, only, place, queryOf, rooted, stored, type World } from './triage-world.ts';

const WEB = 'Deployment shop/web';

function look(state: TriageState, world: World, now: string, keys?: readonly string[]): TriageState {
  const looks: readonly Look[] = [...state.incidents.values()].flatMap(({ id, roots }) =>
    roots
      .filter(({ key }) => keys?.includes(key) ?? true)
      .map(({ key }) => ({ incident: id, root: key, query: queryOf(key) })),
  );
  return applyLooks(state, answers(looks, world), { now, most: 24 });
}

describe('nodes with the same trouble', () => {
  const NODES = ['Node w-1', 'Node w-2', 'Node w-3'];
  const trouble = {
    code: 'node-not-ready',
    title: 'The node is not ready',
    stage: 'node',
    cause: 'the kubelet is silent',
  } as const;
  const SHARED = `nodes node-not-ready ${minute(-5)}`;

  function nodes(
    keys: readonly string[],
    change: (index: number) => Parameters<typeof rooted>[2] = () => ({}),
  ): TriageState {
    return place(
      emptyState(),
      keys.map((key, index) => rooted(key, `n${index}`, { name: `N${index}`, ...change(index) })),
      minute(0),
    );
  }

  function causesOf(state: TriageState): readonly (string | undefined)[] {
    return [...state.incidents.values()].map(({ roots }) => roots[0]?.cause);
  }

  it('have one cause from three on', () => {
    const two = look(nodes(NODES.slice(1)), (root) => broken(root, trouble), minute(1));
    const three = look(nodes(NODES), (root) => broken(root, { ...trouble, blames: root }), minute(1));

    expect([...two.incidents.values()].map(({ causes }) => causes[0]?.key)).toEqual(NODES.slice(1));
    expect(
      [...three.incidents.values()].map(({ causes, roots }) => [causes[0]?.key, roots[0]?.cause, causes[0]?.headline]),
    ).toEqual(NODES.map(() => [SHARED, SHARED, '3 nodes: The node is not ready: w-1, w-2, w-3']));
  });

  it('do not have one when the trouble is another', () => {
    const world: World = (root) => broken(root, { ...trouble, code: root === 'Node w-1' ? 'disk-full' : trouble.code });

    const keys = [...look(nodes(NODES), world, minute(1)).incidents.values()].map(({ causes }) => causes[0]?.key);

    expect(keys).toEqual(NODES);
  });

  it('take those along that are ill because of them, and are no news when they are looked at again', () => {
    const world: World = (root) =>
      root === WEB
        ? broken(WEB, { blames: 'Node w-2', root: { subject: 'Node w-2', finding: finding(trouble) } })
        : broken(root, trouble);
    const first = look(nodes([...NODES, WEB]), world, minute(1));
    const again = look(stored(first), world, minute(2));

    expect(causesOf(first)).toEqual([SHARED, SHARED, SHARED, SHARED]);
    for (const id of first.incidents.keys()) {
      expect(again.incidents.get(id)).toMatchObject({ changedAt: minute(1), looks: 2, events: [] });
    }
  });

  it('make one cause of another trouble that several of them bring', () => {
    const world: World = (root) =>
      root.startsWith('Node ')
        ? broken(root, trouble)
        : broken(root, { code: 'mount', blames: `Node w-${root.at(-1)}` });
    const first = mergeIncidents(look(nodes([...NODES, 'Pod a/1', 'Pod a/2']), world, minute(1)), new Map(), minute(1));
    const again = look(stored(first), world, minute(2));

    expect(only(first).causes.map(({ key, blames, root }) => [key, blames, root])).toEqual([
      [SHARED, undefined, 'Node w-1'],
      [`${SHARED} mount`, SHARED, 'Pod a/1'],
    ]);
    expect(only(again)).toMatchObject({ changedAt: minute(1), events: [] });
    expect(only(again).roots.every(({ look: how }) => how === 'done')).toBe(true);
  });

  it('do not have one when it began at other times', () => {
    const world: World = (root) => broken(root, trouble);
    const apart = nodes(NODES, (index) => ({ startsAt: minute(-60 + index * 16) }));
    const oneByOne = nodes(NODES, (index) => ({ startsAt: minute(-60 + index * 15) }));

    expect(causesOf(look(apart, world, minute(1)))).toEqual(NODES);
    const shared = `nodes node-not-ready ${minute(-60)}`;
    expect(causesOf(look(oneByOne, world, minute(1)))).toEqual([shared, shared, shared]);
  });

  it('have one each time that it begins', () => {
    const world: World = (root) => broken(root, trouble);
    const six = [...NODES, 'Node x-1', 'Node x-2', 'Node x-3'];
    const state = look(
      nodes(six, (index) => ({ startsAt: index < 3 ? minute(-600) : minute(-5) })),
      world,
      minute(1),
    );

    const open = [...mergeIncidents(state, new Map(), minute(1)).incidents.values()];
    expect(open.map(({ causes }) => causes[0]?.headline)).toEqual([
      '3 nodes: The node is not ready: w-1, w-2, w-3',
      '3 nodes: The node is not ready: x-1, x-2, x-3',
    ]);
  });

  it('do not have one with those of another channel', () => {
    const state = nodes(NODES, (index) => ({ alert: { channel: index === 0 ? 'C2' : 'C1' } }));

    expect(causesOf(look(state, (root) => broken(root, trouble), minute(1)))).toEqual(NODES);
  });

  it('are counted anew when there are more', () => {
    const world: World = (root) => broken(root, trouble);
    const three = look(nodes(NODES), world, minute(1));
    const more = place(stored(three), [rooted('Node w-4', 'n4', { name: 'N4' })], minute(2));

    const four = look(more, world, minute(2), ['Node w-4']);

    expect(
      [...four.incidents.values()].flatMap(({ causes }) => causes.map(({ headline, version }) => [headline, version])),
    ).toEqual([
      ['4 nodes: The node is not ready: w-1, w-2, w-3 +1', 3],
      ['4 nodes: The node is not ready: w-1, w-2, w-3 +1', 3],
      ['4 nodes: The node is not ready: w-1, w-2, w-3 +1', 3],
      ['4 nodes: The node is not ready: w-1, w-2, w-3 +1', 2],
    ]);
  });
});
