import type { Expression, ExpressionCompiler, HelperFunction } from '../expression/cel.ts';
import { compilePattern, deferPattern, type Pattern } from '../expression/pattern.ts';
import { compileTemplate, type Template } from '../expression/template.ts';
import type { SignatureLibrary } from './definition.ts';
import { type NameScope, unknownNames } from './scope-names.ts';

/** A problem in a playbook: where in the document and why. */
export interface PlaybookProblem {
  readonly path: string;
  readonly reason: string;
}

/** What all playbooks of a set are compiled with. */
export interface CompileContext {
  readonly compiler: ExpressionCompiler;
  readonly functions: readonly HelperFunction[];
  readonly signatures: SignatureLibrary['signatures'];
  /** The whole set was checked when it was built: names are not looked up again, patterns compile at their first use. */
  readonly trusted: boolean;
}

/** Compiles the expressions, texts and patterns of one playbook and collects every problem with its path. */
export interface PartCompiler {
  readonly problems: readonly PlaybookProblem[];
  /** An expression over base facts, forEach, match and let. */
  early(source: string, path: string): Expression;
  /** An expression that may also use what `needs` read. */
  late(source: string, path: string): Expression;
  template(source: string, path: string): Template;
  pattern(match: PatternSource, path: string): Pattern;
  problem(path: string, reason: string): void;
}

interface PatternSource {
  readonly signature?: string | undefined;
  readonly pattern?: string | undefined;
}

/** Stands in for what has a problem, so that the rest is still checked. */
const NO_EXPRESSION: Expression = {
  source: '',
  variables: [],
  functions: [],
  fields: [],
  evaluate: () => ({ ok: false, reason: 'the expression is not valid' }),
};
const NO_PATTERN = compilePattern('^$');

/** Creates the compiler of one playbook's parts; `names` are the names that its expressions may use. */
export function createPartCompiler(context: CompileContext, names: NameScope): PartCompiler {
  const problems: PlaybookProblem[] = [];
  const problem = (path: string, reason: string): void => {
    problems.push({ path, reason });
  };
  const checked = (expression: Expression, path: string, late: boolean): Expression => {
    const reasons = context.trusted ? [] : unknownNames(expression, names, late);
    for (const reason of reasons) {
      problem(path, reason);
    }
    return expression;
  };
  const expression = (source: string, path: string, late: boolean): Expression =>
    attempt(problem, path, NO_EXPRESSION, () => checked(context.compiler.compile(source), path, late));
  return {
    problems,
    problem,
    early: (source, path) => expression(source, path, false),
    late: (source, path) => expression(source, path, true),
    template: (source, path) =>
      attempt(problem, path, noTemplate(source), () => {
        const template = compileTemplate(source, context.compiler);
        for (const part of template.expressions) {
          checked(part, path, true);
        }
        return template;
      }),
    pattern: (match, path) => patternOf(match, path, context, problem),
  };
}

type Report = (path: string, reason: string) => void;

function attempt<T>(report: Report, path: string, instead: T, make: () => T): T {
  try {
    return make();
  } catch (error) {
    report(path, error instanceof Error ? error.message : String(error));
    return instead;
  }
}

function patternOf(
  match: PatternSource,
  path: string,
  { signatures, trusted }: CompileContext,
  report: Report,
): Pattern {
  const reason = reasonUnusable(match, signatures);
  if (reason !== undefined) {
    report(path, reason);
    return NO_PATTERN;
  }
  const named = match.signature === undefined ? undefined : signatures[match.signature];
  const source = named?.pattern ?? match.pattern ?? '';
  const flags = named?.ignoreCase === true ? 'i' : '';
  return trusted ? deferPattern(source, flags) : attempt(report, path, NO_PATTERN, () => compilePattern(source, flags));
}

function noTemplate(source: string): Template {
  return { source, expressions: [], render: () => ({ ok: false, reason: 'the text is not valid' }) };
}

function reasonUnusable(match: PatternSource, signatures: CompileContext['signatures']): string | undefined {
  if ((match.signature === undefined) === (match.pattern === undefined)) {
    return 'needs either signature or pattern';
  }
  return match.signature === undefined || Object.hasOwn(signatures, match.signature)
    ? undefined
    : `there is no signature "${match.signature}"`;
}

/** An optional condition of a playbook. */
export function condition(source: string | undefined, parts: PartCompiler, path: string): { when?: Expression } {
  return source === undefined ? {} : { when: parts.late(source, path) };
}

/** An optional text of a playbook under its key. */
export function optional<Key extends string>(
  key: Key,
  source: string | undefined,
  parts: PartCompiler,
  path: string,
): { [K in Key]?: Template } {
  // A computed key widens to an index signature; the key is the literal that was passed.
  return (source === undefined ? {} : { [key]: parts.template(source, `${path}.${key}`) }) as { [K in Key]?: Template };
}
