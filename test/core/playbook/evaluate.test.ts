import { describe, expect, it } from 'vitest';
import { toFact, toScope } from '../../../src/core/expression/cel.ts';
import { bindLets, considerPlaybook, openNeeds } from '../../../src/core/playbook/evaluate.ts';
import { judgeCandidate } from '../../../src/core/playbook/judge.ts';
import { candidate, compiled, type SpecPlan } from './playbook-builder.ts';

type Facts = Parameters<typeof toScope>[0];

/** What the trigger does: the containers it holds for, and the reasons where it does not. */
function outcome(spec: SpecPlan, facts: Facts): object {
  const { candidates, rejections } = considerPlaybook(compiled(spec), toScope(facts));
  return {
    holds: candidates.map((item) => item.container),
    not: rejections.map((item) => [item.container, item.reason]),
  };
}

/** The cause that is written when nothing further is read. */
function cause(spec: SpecPlan, facts: Facts = {}): string {
  return judgeCandidate(candidate(spec, facts)).cause;
}

const containers = [
  { name: 'web', failing: true, texts: ['ok', 'exit code 7'] },
  { name: 'side', failing: false, texts: [] },
];

describe('a trigger', () => {
  it.each<[string, SpecPlan, Facts, object]>([
    ['holds', { trigger: 'pod.a == 1' }, { pod: { a: 1 } }, { holds: [''], not: [] }],
    [
      'does not hold',
      { trigger: 'pod.a == 2' },
      { pod: { a: 1 } },
      { holds: [], not: [['', 'not the case: pod.a == 2']] },
    ],
    [
      'cannot be told',
      { trigger: 'pod.b == 2' },
      { pod: { a: 1 } },
      { holds: [], not: [['', 'cannot tell: field not found: b']] },
    ],
    ['is no truth value', { trigger: 'pod.a' }, { pod: { a: 1 } }, { holds: [], not: [['', 'not the case: pod.a']] }],
    [
      'needs a fact that is not there',
      { trigger: 'node.ready' },
      {},
      { holds: [], not: [['', 'cannot tell: node is not known']] },
    ],
    [
      'holds for each container',
      { forEach: { container: 'containers' }, trigger: 'container.failing' },
      { containers },
      { holds: ['web'], not: [['side', 'not the case: container.failing']] },
    ],
    [
      'is tied to the container of a mount',
      { forEach: { mount: 'mounts' }, trigger: 'mount.index == 0' },
      { mounts: [{ container: 'web', index: 0 }] },
      { holds: ['web'], not: [] },
    ],
    [
      'is not tied by the name of another object',
      { forEach: { ref: 'references' }, trigger: 'true' },
      { references: [{ name: 'app-config', container: '' }, { name: 'db' }] },
      { holds: ['', ''], not: [] },
    ],
    [
      'has nothing to look at',
      { forEach: { container: 'containers.filter(c, false)' } },
      { containers },
      { holds: [], not: [['', 'nothing to look at: containers.filter(c, false) is empty']] },
    ],
    [
      'runs over no list',
      { forEach: { container: 'pod' } },
      { pod: {} },
      { holds: [], not: [['', 'pod is not a list']] },
    ],
    [
      'runs over what cannot be told',
      { forEach: { container: 'pod.x' } },
      { pod: {} },
      { holds: [], not: [['', 'field not found: x']] },
    ],
    [
      'runs over plain texts',
      { forEach: { word: '["a", "b"]' }, trigger: 'word == "b"' },
      {},
      { holds: [''], not: [['', 'not the case: word == "b"']] },
    ],
  ])('%s', (_, spec, facts, expected) => {
    expect(outcome(spec, facts)).toEqual(expected);
  });
});

describe('a match', () => {
  const err = { signature: 'exit-code', in: 'container.texts' };

  it('binds the groups of the first text that matches', () => {
    const spec = {
      forEach: { container: 'containers' },
      match: { err: { signature: 'exit-code', in: '["none", "an  exit code 7!", "exit code 8"]' } },
      trigger: 'container.failing',
      finding: { cause: '${err.code}|${err.text}|${err.matched}|${has(err.all)}' },
    };

    expect(cause(spec, { containers })).toBe('7|an exit code 7!|exit code 7|false');
  });

  it('decides when it is required', () => {
    expect(outcome({ forEach: { container: 'containers' }, match: { err } }, { containers })).toEqual({
      holds: ['web'],
      not: [['side', 'no text matches the signature of "err"']],
    });
  });

  it('is empty when it is optional', () => {
    const match = { err: { ...err, optional: true } };

    expect(
      outcome({ forEach: { container: 'containers' }, match, trigger: '!has(err.text)' }, { containers }),
    ).toMatchObject({ holds: ['side'] });
  });

  it.each([
    ['one text', '"exit code 1"', ['']],
    ['no text', '7', []],
    ['a list with other things', '[1, "exit code 1"]', ['']],
    ['what cannot be told', 'pod.x', []],
  ])('reads %s', (_, source, holds) => {
    expect(outcome({ match: { err: { ...err, in: source } } }, { pod: {} })).toMatchObject({ holds });
  });

  it('of a global signature binds every match', () => {
    const spec = {
      match: { words: { signature: 'every-word', in: '"word=a Word=b"' } },
      finding: { cause: '${words.word}: ${words.all.map(w, w.word).join("+")}' },
    };

    expect(cause(spec)).toBe('a: a+b');
  });

  it('in what is read later is tried then, and never required', () => {
    const spec = {
      needs: { log: { log: '"web"' } },
      match: { err: { signature: 'exit-code', in: 'log.text' } },
      finding: { cause: ['${err.code}', 'no code'] },
    };
    const [early, hit, miss] = [candidate(spec), candidate(spec), candidate(spec)];
    hit.scope['log'] = toFact({ text: 'exit code 3' });
    miss.scope['log'] = toFact({ text: 'fine' });

    expect([early, hit, miss].map((item) => judgeCandidate(item).cause)).toEqual(['no code', '3', 'no code']);
    expect(miss.scope['err']).toEqual(toFact({}));
    expect(early.scope['err']).toBeUndefined();
  });

  it('in a let over what is read later is late as well', () => {
    const spec = {
      needs: { log: { log: '"web"' } },
      let: { tail: 'log.text' },
      match: { err: { signature: 'exit-code', in: 'tail' } },
      finding: { cause: ['${err.code}', 'no code'] },
    };
    const late = candidate(spec);
    late.scope['log'] = toFact({ text: 'exit code 3' });
    bindLets(late);

    expect(judgeCandidate(late).cause).toBe('3');
  });
});

describe('a let', () => {
  it('may use those before it', () => {
    expect(cause({ let: { a: '1', b: 'a + 1' }, trigger: 'b == 2', finding: { cause: '${a}${b}' } })).toBe('12');
  });

  it('may use a match', () => {
    const spec = {
      match: { err: { signature: 'exit-code', in: '"exit code 7"' } },
      let: { code: 'int(err.code)' },
      trigger: 'code == 7',
      finding: { cause: '${code + 1}' },
    };

    expect(cause(spec)).toBe('8');
  });

  it('that cannot be told leaves its name unknown', () => {
    expect(cause({ let: { a: 'pod.x' }, finding: { cause: ['${a}', 'unknown'] } }, { pod: {} })).toBe('unknown');
  });

  it('may be a time, which only expressions can use', () => {
    const spec = { let: { t: 'timestamp(now)' }, finding: { cause: ['${t}', 'no text'] } };

    expect(cause(spec, { now: '2026-01-01T00:00:00Z' })).toBe('no text');
  });

  it('of one element is not seen by another', () => {
    const spec = {
      forEach: { container: 'containers' },
      let: { mine: 'container.name' },
      finding: { cause: '${mine}' },
    };

    const { candidates } = considerPlaybook(compiled(spec), toScope({ containers }));

    expect(candidates.map((item) => judgeCandidate(item).cause)).toEqual(['web', 'side']);
  });
});

describe('a need', () => {
  const get = { get: 'configmaps', name: 'x' };

  it.each<[string, object, readonly string[], boolean]>([
    ['is read', get, ['cfg'], false],
    ['is read when its condition holds', { ...get, when: 'pod.a == 1' }, ['cfg'], false],
    ['is bound to an empty map when it does not', { ...get, when: 'pod.a == 2' }, [], true],
    ['waits while its condition cannot be told', { ...get, when: 'pod.b == 2' }, [], false],
  ])('%s', (_, cfg, open, bound) => {
    const item = candidate({ needs: { cfg } }, { pod: { a: 1 } });

    expect(openNeeds(item).map(({ name }) => name)).toEqual(open);
    expect(item.scope['cfg'] !== undefined).toBe(bound);
  });

  it('is not read again once it is known or cannot be read', () => {
    const item = candidate({ needs: { a: get, b: get, c: get } });
    item.scope['a'] = toFact({ exists: false });
    item.unread.set('b', 'no permission');

    expect(openNeeds(item).map(({ name }) => name)).toEqual(['c']);
  });

  it('is skipped too when what decides about it was skipped', () => {
    const item = candidate({
      needs: { a: { ...get, when: 'false' }, b: { ...get, when: 'known' } },
      let: { known: 'has(a.exists)' },
    });

    expect(openNeeds(item)).toEqual([]);
    expect(item.scope['b']).toEqual(toFact({}));
  });
});
