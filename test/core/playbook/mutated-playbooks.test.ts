import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { load, playbook } from './playbook-builder.ts';

const RICH = {
  role: 'cause',
  forEach: { container: 'containers.filter(c, c.failing)' },
  match: { err: { signature: 'exit-code', in: 'container.texts', optional: true } },
  let: { slow: 'container.restarts > 3' },
  needs: {
    cfg: { get: 'configmaps', name: 'x', when: 'slow' },
    all: { list: 'pods', limit: 5 },
    log: { log: 'container.name' },
  },
  checks: [{ id: 'a-b', ask: 'Is it?', when: 'cfg.exists', expect: false, evidence: '${cfg.name}' }],
  refute: [{ when: 'all.truncated', because: 'it is ${container.name}' }],
  finding: { cause: ['x', { when: 'slow', text: '${container.name}' }], certainty: [{ when: 'slow', is: 'likely' }] },
  follow: { kind: 'Pod', name: '${container.name}' },
  remediation: { action: 'R-ADVICE', when: 'slow' },
};

const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  '',
  'x',
  '${',
  '${x',
  'a ==',
  '"',
  '(?=x)',
  '__proto__',
  [],
  [null],
  {},
  { when: 1 },
  { constructor: '1' },
];

/** Every place of a document, as paths. */
function places(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) {
    return [path];
  }
  return [path, ...Object.entries(value).flatMap(([key, child]) => places(child, [...path, key]))];
}

function mutate(value: unknown, path: readonly string[], put: unknown, rename: boolean): unknown {
  const [key, ...rest] = path;
  if (key === undefined || typeof value !== 'object' || value === null) {
    return put;
  }
  const entries = Object.entries(value).map(([name, child]): readonly [string, unknown] => {
    if (name !== key) {
      return [name, child];
    }
    return rest.length === 0 && rename ? [`${name}x`, child] : [name, mutate(child, rest, put, rename)];
  });
  return Array.isArray(value) ? entries.map(([, child]) => child) : Object.fromEntries(entries);
}

describe('a mutated playbook', () => {
  it('is valid before it is mutated', () => {
    expect(load(playbook(RICH)).problems).toEqual([]);
  });

  it('loads or has problems, and never throws', () => {
    const document = playbook(RICH);
    const paths = places(document);
    const mutation = fc.record({
      path: fc.constantFrom(...paths),
      put: fc.oneof(fc.constantFrom(...VALUES), fc.jsonValue({ maxDepth: 2 })),
      rename: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
        const mutant = mutations.reduce<unknown>(
          (value, { path, put, rename }) => mutate(value, path, put, rename),
          document,
        );

        const { playbooks, problems } = load(mutant);

        expect(playbooks.length === 1 || problems.length > 0).toBe(true);
        expect(problems.filter(({ file, reason }) => file !== 'a.yaml' || reason === '')).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('says what is wrong at its path for any text as expression', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (trigger) => {
        const { playbooks, problems } = load(playbook({ trigger }));

        expect(playbooks.length === 1 || problems.every(({ path }) => path === 'spec.trigger')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
