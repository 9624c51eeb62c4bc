import { KubewhyError } from '../errors/kubewhy-error.ts';
import { createExpressionCompiler, type StoredExpression } from '../expression/cel.ts';
import { compilePlaybook } from './compile.ts';
import type { CompiledPlaybook } from './compiled.ts';
import type { PlaybookDefinition, SignatureLibrary } from './definition.ts';
import { HELPER_FUNCTIONS } from './helpers.ts';

/** Documents that were validated, the last of each name winning. */
export interface PlaybookSet {
  readonly playbooks: readonly { readonly file: string; readonly definition: PlaybookDefinition }[];
  readonly signatures: SignatureLibrary['signatures'];
}

/** A problem with its file, for one list of all problems. */
export interface LoadProblem {
  readonly file: string;
  readonly path: string;
  readonly reason: string;
}

/** A compiled set, its problems, and the expressions it consists of. */
export interface CompiledSet {
  readonly playbooks: readonly CompiledPlaybook[];
  readonly problems: readonly LoadProblem[];
  readonly expressions: readonly string[];
}

/** Compiles a validated set; `parsed` holds syntax trees made at build time, `trusted` leaves out checks that the build made. */
export function compilePlaybookSet(
  set: PlaybookSet,
  parsed?: Readonly<Record<string, StoredExpression>>,
  trusted = false,
): CompiledSet {
  const compiler = createExpressionCompiler({
    functions: HELPER_FUNCTIONS,
    ...(parsed === undefined ? {} : { parsed }),
  });
  const context = { compiler, functions: HELPER_FUNCTIONS, signatures: set.signatures, trusted };
  const playbooks: CompiledPlaybook[] = [];
  const problems: LoadProblem[] = [];
  for (const { file, definition } of set.playbooks) {
    const result = compilePlaybook(definition, context);
    if (result.ok) {
      playbooks.push(result.playbook);
    } else {
      problems.push(...result.problems.map((problem) => ({ file, ...problem })));
    }
  }
  problems.push(...unknownExplains(set));
  return { playbooks, problems, expressions: compiler.sources() };
}

/** The error that lists every problem, one line each. */
export function playbooksInvalid(problems: readonly LoadProblem[]): KubewhyError {
  const lines = problems.map(({ file, path, reason }) => `  ${file}${path === '' ? '' : ` at ${path}`}: ${reason}`);
  const count = problems.length === 1 ? 'One problem' : `${problems.length} problems`;
  return new KubewhyError('PLAYBOOKS_INVALID', {
    message: `${count} in the playbooks:\n${lines.join('\n')}`,
    context: { problems },
  });
}

function unknownExplains(set: PlaybookSet): readonly LoadProblem[] {
  const names = new Set(set.playbooks.map(({ definition }) => definition.metadata.name));
  return set.playbooks.flatMap(({ file, definition }) =>
    (definition.spec.explains ?? [])
      .filter((name) => !names.has(name))
      .map((name) => ({ file, path: 'spec.explains', reason: `there is no playbook "${name}"` })),
  );
}
