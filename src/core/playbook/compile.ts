import type { ExpressionCompiler } from '../expression/cel.ts';
import type { Template } from '../expression/template.ts';
import type { SubjectKind } from '../subject/kinds.ts';
import type { Subject } from '../subject/subject.ts';
import { compileNeed } from './compile-need.ts';
import type { CompiledMatch, CompiledPlaybook, CompiledRemediation, CompiledText } from './compiled.ts';
import type { PlaybookDefinition, PlaybookSpec, TextsDefinition } from './definition.ts';
import {
  type CompileContext,
  condition,
  createPartCompiler,
  optional,
  type PartCompiler,
  type PlaybookProblem,
} from './part-compiler.ts';
import { baseFacts } from './scope-names.ts';

export type CompileResult =
  | { readonly ok: true; readonly playbook: CompiledPlaybook }
  | { readonly ok: false; readonly problems: readonly PlaybookProblem[] };

/** Compiles a validated document; every problem is reported, not only the first. */
export function compilePlaybook({ metadata, spec }: PlaybookDefinition, context: CompileContext): CompileResult {
  const subjects = typeof spec.subject === 'string' ? [spec.subject] : spec.subject;
  const needs = [...Object.keys(spec.needs ?? {}), ...(spec.follow === undefined ? [] : ['root'])];
  const matches = Object.entries(spec.match ?? {});
  const late = lateNames(spec, needs, context.compiler);
  const names = [...Object.keys(spec.forEach ?? {}), ...derived(spec).map(([name]) => name)];
  const parts = createPartCompiler(context, {
    subjects,
    functions: context.functions.map((helper) => helper.name),
    early: names.filter((name) => !late.includes(name)),
    late: [...needs, ...late],
  });
  for (const name of takenNames([...names, ...needs], subjects)) {
    parts.problem('spec', `the name "${name}" is used twice or is a base fact`);
  }
  const playbook: CompiledPlaybook = {
    name: metadata.name,
    title: metadata.title,
    subjects,
    stage: spec.stage,
    role: spec.role ?? 'cause',
    explains: spec.explains ?? [],
    match: matches.map(([name, match]) => compileMatch({ name, match, late: late.includes(name) }, parts, context)),
    ...compileConditions(spec, parts),
    ...compileTexts(spec, parts),
    ...compileOutcome(spec, parts),
  };
  return parts.problems.length === 0 ? { ok: true, playbook } : { ok: false, problems: parts.problems };
}

/** The matches and lets that need what is read after the trigger, directly or through one another. */
function lateNames(spec: PlaybookSpec, needs: readonly string[], compiler: ExpressionCompiler): readonly string[] {
  const late = new Set<string>();
  for (let before = -1; before < late.size; ) {
    before = late.size;
    for (const [name, source] of derived(spec)) {
      if (readsAny(source, [...needs, ...late], compiler)) {
        late.add(name);
      }
    }
  }
  return [...late];
}

/** Every match and let with the expression it is derived from. */
function derived(spec: PlaybookSpec): readonly (readonly [name: string, source: string])[] {
  const matches = Object.entries(spec.match ?? {}).map(([name, match]) => [name, match.in] as const);
  return [...matches, ...Object.entries(spec.let ?? {})];
}

function takenNames(names: readonly string[], subjects: readonly SubjectKind[]): readonly string[] {
  const facts = baseFacts(subjects);
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index || facts.includes(name)))];
}

function readsAny(source: string, names: readonly string[], compiler: ExpressionCompiler): boolean {
  try {
    return compiler.compile(source).variables.some((name) => names.includes(name));
  } catch {
    // The same text is compiled again where its problem can be reported.
    return false;
  }
}

interface MatchSource {
  readonly name: string;
  readonly match: NonNullable<PlaybookSpec['match']>[string];
  readonly late: boolean;
}

function compileMatch({ name, match, late }: MatchSource, parts: PartCompiler, context: CompileContext): CompiledMatch {
  const path = `spec.match.${name}`;
  return {
    name,
    pattern: parts.pattern(match, path),
    in: late ? parts.late(match.in, `${path}.in`) : parts.early(match.in, `${path}.in`),
    optional: match.optional ?? false,
    late,
    global: context.signatures[match.signature ?? '']?.global ?? false,
  };
}

type Conditions = Pick<CompiledPlaybook, 'forEach' | 'lets' | 'trigger' | 'needs' | 'checks' | 'refute'>;

function compileConditions(spec: PlaybookSpec, parts: PartCompiler): Conditions {
  const [each, ...more] = Object.entries(spec.forEach ?? {});
  if (more.length > 0) {
    parts.problem('spec.forEach', 'has more than one name');
  }
  return {
    ...(each === undefined
      ? {}
      : { forEach: { name: each[0], over: parts.early(each[1], `spec.forEach.${each[0]}`) } }),
    lets: Object.entries(spec.let ?? {}).map(([name, value]) => ({
      name,
      value: parts.late(value, `spec.let.${name}`),
    })),
    trigger: parts.early(spec.trigger, 'spec.trigger'),
    needs: Object.entries(spec.needs ?? {}).map(([name, need]) => compileNeed(name, need, parts)),
    checks: (spec.checks ?? []).map((check, index) => ({
      id: check.id,
      ask: check.ask,
      when: parts.late(check.when, `spec.checks[${index}].when`),
      expect: check.expect ?? true,
      required: check.required ?? true,
      ...optional('evidence', check.evidence, parts, `spec.checks[${index}]`),
    })),
    refute: (spec.refute ?? []).map((refuter, index) => ({
      when: parts.late(refuter.when, `spec.refute[${index}].when`),
      because: parts.template(refuter.because, `spec.refute[${index}].because`),
    })),
  };
}

type Texts = Pick<CompiledPlaybook, 'cause' | 'why' | 'evidence' | 'advice' | 'later' | 'blames'>;

function compileTexts({ finding }: PlaybookSpec, parts: PartCompiler): Texts {
  const compiled = (key: keyof Texts): readonly CompiledText[] => textList(finding[key], parts, `spec.finding.${key}`);
  return {
    cause: compiled('cause'),
    why: compiled('why'),
    evidence: compiled('evidence'),
    advice: compiled('advice'),
    later: compiled('later'),
    blames: compiled('blames'),
  };
}

function textList(texts: TextsDefinition | undefined, parts: PartCompiler, path: string): readonly CompiledText[] {
  const items = typeof texts === 'string' ? [texts] : (texts ?? []);
  return items.map((item, index) => {
    const at = typeof texts === 'string' ? path : `${path}[${index}]`;
    return typeof item === 'string'
      ? { text: parts.template(item, at) }
      : { text: parts.template(item.text, `${at}.text`), ...condition(item.when, parts, `${at}.when`) };
  });
}

type Outcome = Pick<CompiledPlaybook, 'certainty' | 'follow' | 'remediation'>;

function compileOutcome({ finding, follow, remediation }: PlaybookSpec, parts: PartCompiler): Outcome {
  const { certainty = 'confirmed' } = finding;
  return {
    certainty:
      typeof certainty === 'string'
        ? [{ is: certainty }]
        : certainty.map((item, index) => ({
            is: item.is,
            when: parts.late(item.when, `spec.finding.certainty[${index}].when`),
          })),
    ...(follow === undefined
      ? {}
      : {
          follow: {
            kind: follow.kind,
            objectName: parts.template(follow.name, 'spec.follow.name'),
            ...optional('namespace', follow.namespace, parts, 'spec.follow'),
            ...condition(follow.when, parts, 'spec.follow.when'),
          },
        }),
    ...(remediation === undefined || remediation === 'none'
      ? {}
      : {
          remediation: {
            action: remediation.action,
            ...condition(remediation.when, parts, 'spec.remediation.when'),
            subject: subjectTemplates(parts),
            parameters: Object.entries(remediation.parameters ?? {}).map(([name, text]) => ({
              name,
              text: parts.template(text, `spec.remediation.parameters.${name}`),
            })),
          },
        }),
  };
}

function subjectTemplates(parts: PartCompiler): CompiledRemediation['subject'] {
  const of = (part: keyof Subject): Template => parts.template(`\${subject.${part}}`, 'spec.remediation');
  return { kind: of('kind'), namespace: of('namespace'), name: of('name'), uid: of('uid') };
}
