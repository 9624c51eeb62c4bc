import { describe, expect, it } from 'vitest';
import { createExpressionCompiler, storeExpression, toFact, toScope } from '../../../src/core/expression/cel.ts';
import { ExpressionError } from '../../../src/core/expression/expression-error.ts';
import { compileTemplate } from '../../../src/core/expression/template.ts';

const double = {
  name: 'double_',
  arity: 1,
  call: (value: unknown) => (typeof value === 'number' ? value * 2 : undefined),
};
const compiler = createExpressionCompiler({ functions: [double] });
const scope = toScope({
  container: { name: 'web', restarts: 3, last: { reason: 'Error', exitCode: 137 }, limits: undefined },
  events: [
    { reason: 'BackOff', count: 2 },
    { reason: 'Failed', count: 1 },
  ],
  ratio: 0.5,
});

describe('expressions', () => {
  it.each([
    ['container.restarts == 3', true],
    ['container.last.exitCode > 128 && container.last.reason == "Error"', true],
    ['has(container.limits)', false],
    ['has(container.last.reason)', true],
    ['events.exists(e, e.reason == "Failed")', true],
    ['events.filter(e, e.count > 1).map(e, e.reason)', ['BackOff']],
    ['size(events) + 1', 3],
    ['ratio * 2.0', 1],
    ['double_(container.restarts)', 6],
    ['{"a": container.name}', { a: 'web' }],
    ['"a-b".split("-")', ['a', 'b']],
    ['timestamp("2026-01-01T00:00:10Z") - timestamp("2026-01-01T00:00:00Z") == duration("10s")', true],
    ['int("7") == 7', true],
  ])('%s', (source, expected) => {
    expect(compiler.compile(source).evaluate(scope)).toEqual({ ok: true, value: expected });
  });

  it.each([
    ['container.nope == 1', 'field not found: nope'],
    ['1 / 0 == 1', 'int divide by zero'],
    ['double_("x")', 'double_() has no answer for these values'],
    ['claim.exists', 'claim is not known'],
    ['has(claim.exists)', 'claim is not known'],
    ['claim.exists || true', 'claim is not known'],
  ])('cannot tell %s', (source, reason) => {
    expect(compiler.compile(source).evaluate(scope)).toEqual({ ok: false, reason });
  });

  it('lists free variables, functions and first-level fields, leaving macro variables out', () => {
    const expression = compiler.compile('events.exists(e, e.reason == container.name) && double_(now) > size(events)');

    expect(expression.variables).toEqual(['events', 'container', 'now']);
    expect(expression.functions).toEqual(['double_', 'size']);
    expect(expression.fields).toEqual(['container.name']);
  });

  it('evaluates a stored syntax tree like its source', () => {
    const source = 'events.map(e, e.count + 1).exists(n, n == 3) && container.last.exitCode == 137';
    const stored = createExpressionCompiler({ functions: [], parsed: { [source]: storeExpression(source) } });

    expect(stored.compile(source).evaluate(scope)).toEqual(compiler.compile(source).evaluate(scope));
    expect(stored.compile(source).variables).toEqual(['events', 'container']);
  });

  it('refuses what is not CEL', () => {
    expect(() => compiler.compile('container.name ==')).toThrow(ExpressionError);
  });

  it('reads whole numbers as int and others as double', () => {
    expect(compiler.compile('n + 1').evaluate({ n: toFact(41) })).toEqual({ ok: true, value: 42 });
    expect(compiler.compile('n + 1').evaluate({ n: toFact(0.5) }).ok).toBe(false);
  });
});

describe('templates', () => {
  it.each([
    ['${container.name} restarted ${container.restarts} times', 'web restarted 3 times'],
    ['${events.map(e, e.reason)}', 'BackOff, Failed'],
    ['a $${literal} brace', 'a ${literal} brace'],
    ['${container.name == "}" ? "x" : "y"}', 'y'],
    ['${ratio}', '0.5'],
    ['plain', 'plain'],
  ])('%s', (source, text) => {
    expect(compileTemplate(source, compiler).render(scope)).toEqual({ ok: true, text });
  });

  it('cannot render what cannot be told', () => {
    expect(compileTemplate('x ${claim.name}', compiler).render(scope)).toEqual({
      ok: false,
      reason: 'claim is not known',
    });
  });

  it('refuses an open brace', () => {
    expect(() => compileTemplate('${container.name', compiler)).toThrow(ExpressionError);
  });
});
