import {
  type CelEnv,
  type CelFunc,
  type CelInput,
  CelScalar,
  celEnv,
  celFunc,
  celList,
  celMap,
  isCelError,
  isCelList,
  isCelMap,
  isCelUint,
  parse,
  plan,
} from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { describeExpression, type ExpressionShape } from './cel-shape.ts';
import { ExpressionError } from './expression-error.ts';

type Expr = NonNullable<ReturnType<typeof parse>['expr']>;

/** A value prepared for expressions: nested maps and lists, whole numbers as CEL `int`. */
export type FactValue = CelInput;

/** Plain data as `core/facts` builds it; keys with `undefined` are absent for `has()`. */
export type PlainValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | readonly PlainValue[]
  | { readonly [key: string]: PlainValue };

/** The names an expression can see. A name that is not bound means "not known", never "no". */
export type Scope = Readonly<Record<string, FactValue>>;

/** The result of an expression, or why it could not be told. */
export type Outcome =
  | { readonly ok: true; readonly value: PlainValue }
  | { readonly ok: false; readonly reason: string };

/** A compiled expression. */
export interface Expression extends ExpressionShape {
  readonly source: string;
  /** Never throws. */
  evaluate(scope: Scope): Outcome;
}

/** A function that expressions may call, written as a plain function over plain values. */
export interface HelperFunction {
  readonly name: string;
  /** How many arguments it takes. */
  readonly arity: number;
  readonly call: (...args: readonly PlainValue[]) => PlainValue;
}

/** Compiles CEL; sources that were stored earlier are not parsed again. */
export interface ExpressionCompiler {
  /** Throws ExpressionError when the text is not CEL. */
  compile(source: string): Expression;
  /** The sources of everything compiled so far. */
  sources(): readonly string[];
}

export interface CompilerOptions {
  readonly functions: readonly HelperFunction[];
  readonly parsed?: Readonly<Record<string, StoredExpression>>;
}

/** Creates a compiler; expressions are parsed at once and planned at their first evaluation. */
export function createExpressionCompiler(options: CompilerOptions): ExpressionCompiler {
  const env = celEnv({ funcs: [...strings, ...options.functions.map(toCelFunction)] });
  const known = new Map<string, Expression>();
  return {
    sources: () => [...known.keys()],
    compile(source) {
      const cached = known.get(source);
      if (cached !== undefined) {
        return cached;
      }
      const stored = options.parsed?.[source];
      const expression = stored === undefined ? compileSource(env, source) : compileStored(env, source, stored);
      known.set(source, expression);
      return expression;
    },
  };
}

/** A parsed expression as it is stored at build time, so that a program start need not parse it again. */
export interface StoredExpression {
  readonly variables: readonly string[];
  /** The syntax tree as JSON; read at the first evaluation. */
  readonly tree: string;
}

/** Parts of a syntax tree that only name places in error messages and types; they are four fifths of its size. */
const NOT_EVALUATED: ReadonlySet<string> = new Set(['$typeName', 'id']);

/** Parses an expression for storing. Throws ExpressionError. */
export function storeExpression(source: string): StoredExpression {
  const expr = parseSource(source);
  const tree = JSON.stringify(expr, (key, value: unknown) => {
    if (NOT_EVALUATED.has(key)) {
      return undefined;
    }
    return typeof value === 'bigint' ? { $int: value.toString() } : value;
  });
  return { variables: describeExpression(expr).variables, tree };
}

/** Prepares plain data for expressions, once, so that evaluating needs no further conversion. */
export function toFact(value: PlainValue): FactValue {
  if (typeof value === 'number') {
    return Number.isInteger(value) ? BigInt(value) : value;
  }
  if (value === null || value === undefined || typeof value !== 'object') {
    return value ?? null;
  }
  if (isPlainList(value)) {
    return celList(value.map(toFact));
  }
  const map = new Map<string, FactValue>();
  for (const [key, child] of Object.entries(value)) {
    if (child !== undefined) {
      map.set(key, toFact(child));
    }
  }
  return celMap(map);
}

/** Prepares base facts by name. */
export function toScope(facts: Readonly<Record<string, PlainValue>>): Scope {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, toFact(value)]));
}

/** Whether a plain value is a list. */
export function isPlainList(value: PlainValue): value is readonly PlainValue[] {
  return Array.isArray(value);
}

function parseSource(source: string): Expr {
  try {
    const { expr } = parse(source);
    if (expr === undefined) {
      throw new ExpressionError('the expression is empty');
    }
    return expr;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ExpressionError(`not a CEL expression: ${reason.replace('<input>:', '')}`, { cause: error });
  }
}

function compileSource(env: CelEnv, source: string): Expression {
  const tree = parseSource(source);
  return assemble(env, source, describeExpression(tree), () => tree);
}

/** A stored expression was checked when it was stored; its functions and fields are not needed any more. */
function compileStored(env: CelEnv, source: string, { variables, tree }: StoredExpression): Expression {
  const read = (): Expr =>
    // The text was written by storeExpression from the same source.
    JSON.parse(tree, (_key, value: unknown) => (isTaggedInt(value) ? BigInt(value.$int) : value)) as Expr;
  return assemble(env, source, { variables, functions: [], fields: [] }, read);
}

function isTaggedInt(value: unknown): value is { readonly $int: string } {
  return typeof value === 'object' && value !== null && '$int' in value;
}

function assemble(env: CelEnv, source: string, shape: ExpressionShape, expr: () => Expr): Expression {
  let run: ReturnType<typeof plan> | undefined;
  return {
    ...shape,
    source,
    evaluate(scope) {
      const unbound = shape.variables.find((name) => scope[name] === undefined);
      if (unbound !== undefined) {
        return { ok: false, reason: `${unbound} is not known` };
      }
      try {
        run ??= plan(env, expr());
        const result = run(scope);
        return isCelError(result) ? { ok: false, reason: result.message } : { ok: true, value: toPlain(result) };
      } catch (error) {
        // A result without a plain form (a time, a type), or an argument that a helper does not expect.
        return { ok: false, reason: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

function toCelFunction(helper: HelperFunction): CelFunc {
  const parameters = Array.from({ length: helper.arity }, () => CelScalar.DYN);
  return celFunc(helper.name, parameters, CelScalar.DYN, (...args: readonly unknown[]) => {
    const result = helper.call(...args.map(toPlain));
    if (result === undefined) {
      throw new ExpressionError(`${helper.name}() has no answer for these values`);
    }
    return toFact(result);
  });
}

/** CEL's own containers back to plain data. */
function toPlain(value: unknown): PlainValue {
  if (typeof value === 'bigint') {
    return Number(value);
  }
  if (isCelUint(value)) {
    return Number(value.value);
  }
  if (isCelList(value)) {
    return Array.from(value, toPlain);
  }
  if (isCelMap(value)) {
    return Object.fromEntries(Array.from(value, ([key, child]) => [keyText(toPlain(key)), toPlain(child)]));
  }
  return toPlainScalar(value);
}

function keyText(key: PlainValue): string {
  return typeof key === 'string' ? key : JSON.stringify(key);
}

function toPlainScalar(value: unknown): PlainValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null) {
    return value;
  }
  throw new ExpressionError('the result is neither text, number, truth value, list nor map');
}
