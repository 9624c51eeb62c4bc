import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createExpressionCompiler, toScope } from '../../../src/core/expression/cel.ts';
import { playbookSchema } from '../../../src/core/playbook/definition.ts';
import { HELPER_FUNCTIONS } from '../../../src/core/playbook/helpers.ts';
import { STAGES } from '../../../src/core/playbook/vocabulary.ts';

const docs = join(import.meta.dirname, '../../../docs');
const text = readFileSync(join(docs, 'playbooks.md'), 'utf8');

describe('docs/playbooks.md', () => {
  it('lists exactly the functions that exist, with their arguments', () => {
    const section = /^## Functions$([\s\S]*?)^## /m.exec(text)?.[1] ?? '';
    const calls = section
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .flatMap((line) => [...(line.split(' | ')[0] ?? '').matchAll(/`(\w+)\(([^)]*)\)`/g)])
      .map(([, name, list]) => `${name}/${(list ?? '').split(', ').length}`);

    expect(calls.toSorted()).toEqual(HELPER_FUNCTIONS.map(({ name, arity }) => `${name}/${arity}`).toSorted());
  });

  it('lists the stages in their order', () => {
    expect(text).toContain(STAGES.join(' < '));
  });

  it('names every key of a playbook', () => {
    const keys = Object.keys(playbookSchema.shape.spec.shape);

    expect(keys.filter((key) => !new RegExp(`\`(?:finding\\.)?${key}\\b|^[ ]+${key}:`, 'm').test(text))).toEqual([]);
  });
});

describe('docs/schema/playbook.schema.json', () => {
  it('is what the code accepts; scripts/write-schema.ts writes it', () => {
    const written = JSON.parse(readFileSync(join(docs, 'schema/playbook.schema.json'), 'utf8')) as unknown;

    expect(written).toEqual(JSON.parse(JSON.stringify(z.toJSONSchema(playbookSchema))));
  });
});

describe('a function', () => {
  const compiler = createExpressionCompiler({ functions: HELPER_FUNCTIONS });

  it.each(HELPER_FUNCTIONS.map(({ name, arity }) => ({ name, arity })))(
    '$name answers or cannot tell, whatever it is given',
    ({ name, arity }) => {
      const parameters = ['a', 'b', 'c', 'd'].slice(0, arity);
      const expression = compiler.compile(`${name}(${parameters.map((parameter) => `args.${parameter}`).join(', ')})`);
      const value = fc.oneof(
        fc.jsonValue({ maxDepth: 2 }),
        fc.constantFrom('1Gi', -3, 1.5, 1e9, [], [{}], [null], { spec: {} }, { spec: null }),
      );
      fc.assert(
        fc.property(fc.record({ a: value, b: value, c: value, d: value }), (args) => {
          const outcome = expression.evaluate(toScope({ args }));

          expect(typeof outcome.ok).toBe('boolean');
        }),
        { numRuns: 300 },
      );
    },
  );
});
