import type { Consideration, Finding, RootCause } from '../core/diagnosis/finding.ts';
import { type Scope, toFact } from '../core/expression/cel.ts';
import type { CompiledPlaybook } from '../core/playbook/compiled.ts';
import { type Candidate, considerPlaybook, isTrue } from '../core/playbook/evaluate.ts';
import { judgeCandidate } from '../core/playbook/judge.ts';
import { placeOf } from '../core/subject/kinds.ts';
import { governingNamespace, type SubjectQuery } from '../core/subject/subject.ts';
import { readFurtherFacts } from './further-facts.ts';
import type { Reads } from './reads.ts';

/** What an investigation works with. */
export interface Investigation {
  readonly subject: Required<SubjectQuery>;
  /** Base facts by name. */
  readonly base: Scope;
  readonly playbooks: readonly CompiledPlaybook[];
  readonly reads: Reads;
  /** Diagnoses another object; absent where that would go in circles. */
  readonly follow?: (subject: Required<SubjectQuery>) => Promise<RootCause | undefined>;
}

export interface Investigated {
  readonly findings: readonly Finding[];
  readonly considered: readonly Consideration[];
}

/** Evaluates all playbooks of a kind on a subject: triggers on base facts, then further facts, checks and refuters. */
export async function investigate(investigation: Investigation): Promise<Investigated> {
  const { playbooks, base, subject } = investigation;
  const relevant = playbooks.filter((playbook) => playbook.subjects.includes(subject.kind));
  const considered = relevant.map((playbook) => considerPlaybook(playbook, base));
  const candidates = considered.flatMap((result) => result.candidates);
  await readFurtherFacts(candidates, investigation.reads, subject);
  const findings: Finding[] = [];
  for (const candidate of candidates) {
    const root = await followRoot(candidate, investigation);
    candidate.scope['root'] = toFact(root === undefined ? { exists: false } : rootFact(root));
    findings.push(judgeCandidate(candidate, root));
  }
  const rejected = considered.flatMap((result) =>
    result.rejections.map(({ playbook, container, reason }) =>
      consideration(playbook.name, container, 'not-triggered', reason),
    ),
  );
  const judged = findings.map((finding) =>
    consideration(finding.code, finding.container ?? '', finding.state, finding.because ?? finding.cause),
  );
  return { findings, considered: [...judged, ...rejected] };
}

function consideration(
  code: string,
  container: string,
  outcome: Consideration['outcome'],
  reason: string,
): Consideration {
  return { code, ...(container === '' ? {} : { container }), outcome, reason };
}

async function followRoot(candidate: Candidate, investigation: Investigation): Promise<RootCause | undefined> {
  const target = candidate.playbook.follow;
  if (target === undefined || investigation.follow === undefined) {
    return undefined;
  }
  if (target.when !== undefined && !isTrue(target.when, candidate.scope)) {
    return undefined;
  }
  const name = target.objectName.render(candidate.scope);
  const namespace = target.namespace?.render(candidate.scope) ?? {
    ok: true,
    text: governingNamespace(investigation.subject),
  };
  if (!name.ok || !namespace.ok || name.text === '') {
    return undefined;
  }
  const place = placeOf(target.kind, namespace.text);
  return investigation.follow({ kind: target.kind, namespace: '', ...place, name: name.text });
}

function rootFact({ subject, finding }: RootCause): { readonly [key: string]: string | boolean } {
  return { exists: true, subject, code: finding.code, cause: finding.cause, state: finding.state };
}
