import { toScope } from '../../../src/core/expression/cel.ts';
import { compilePlaybookSet, type LoadProblem } from '../../../src/core/playbook/compile-set.ts';
import type { CompiledPlaybook } from '../../../src/core/playbook/compiled.ts';
import { type Candidate, considerPlaybook } from '../../../src/core/playbook/evaluate.ts';
import { readPlaybookSet } from '../../../src/core/playbook/read-set.ts';

/** The keys of `spec` that a test sets. */
export type SpecPlan = Readonly<Record<string, unknown>>;

/** A playbook document that is valid unless `spec` says otherwise. */
export function playbook(spec: SpecPlan = {}, metadata: object = {}): object {
  return {
    apiVersion: 'kubewhy.dev/v1',
    kind: 'Playbook',
    metadata: { name: 'sample', title: 'A sample', ...metadata },
    spec: { subject: 'Pod', stage: 'run', trigger: 'true', finding: { cause: 'it is broken' }, ...spec },
  };
}

/** A library with two signatures. */
export const LIBRARY = {
  apiVersion: 'kubewhy.dev/v1',
  kind: 'SignatureLibrary',
  signatures: {
    'exit-code': { pattern: 'exit code (?<code>\\d+)' },
    'every-word': { pattern: 'word=(?<word>\\w+)', global: true, ignoreCase: true },
  },
};

/** Reads and compiles documents; `a.yaml`, `b.yaml` … in their order, the library first. */
export function load(...documents: readonly unknown[]): {
  readonly playbooks: readonly CompiledPlaybook[];
  readonly problems: readonly LoadProblem[];
} {
  const files = documents.map((content, index) => ({ file: `${String.fromCodePoint(97 + index)}.yaml`, content }));
  const { set, problems } = readPlaybookSet([{ file: 'signatures.yaml', content: LIBRARY }, ...files]);
  const compiled = compilePlaybookSet(set);
  return { playbooks: compiled.playbooks, problems: [...problems, ...compiled.problems] };
}

/** Compiles one playbook that must be valid. */
export function compiled(spec: SpecPlan): CompiledPlaybook {
  const { playbooks, problems } = load(playbook(spec));
  const [only] = playbooks;
  if (only === undefined) {
    throw new Error(JSON.stringify(problems));
  }
  return only;
}

/** Starts a playbook on base facts, which must fulfil its trigger once. */
export function candidate(spec: SpecPlan, facts: Parameters<typeof toScope>[0] = {}): Candidate {
  const { candidates, rejections } = considerPlaybook(compiled(spec), toScope(facts));
  const [only] = candidates;
  if (only === undefined) {
    throw new Error(rejections.map((rejection) => rejection.reason).join());
  }
  return only;
}
