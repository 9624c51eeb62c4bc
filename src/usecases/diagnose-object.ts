import { blankDiagnosis, type Diagnosis, type Verdict } from '../core/diagnosis/diagnosis.ts';
import { rankFindings } from '../core/diagnosis/rank.ts';
import { toScope } from '../core/expression/cel.ts';
import type { JsonObject } from '../core/facts/json.ts';
import { objectScope, objectSubjectFacts } from '../core/facts/object-subject.ts';
import type { SubjectKind } from '../core/subject/kinds.ts';
import { aboutUid, type DiagnosisContext, readEvents } from './diagnose-pod.ts';
import { investigate } from './investigate.ts';

/** Judges an object that has no pods of its own: the object, its events, and whatever its playbooks ask for. */
export async function diagnoseObject(
  kind: SubjectKind,
  raw: JsonObject,
  context: DiagnosisContext,
): Promise<Diagnosis> {
  const now = context.now();
  const facts = objectSubjectFacts(kind, raw, now);
  const { subject } = facts;
  const events = (await readEvents(kind, subject, context.reads)).filter((event) => aboutUid(event) === subject.uid);
  const { findings, considered } = await investigate({
    subject,
    base: toScope(objectScope(facts, events)),
    playbooks: context.playbooks,
    reads: context.reads,
  });
  const { possible: _, ...ranking } = rankFindings(findings);
  const unread = context.reads.unread();
  const unproven = facts.waiting || unread.length > 0;
  const otherwise = facts.stopping ? 'stopping' : unproven ? 'unknown' : 'healthy';
  const verdict: Verdict = ranking.primary === undefined ? otherwise : 'cause';
  return {
    ...blankDiagnosis(subject, now, facts.status),
    ...ranking,
    verdict,
    seen: verdict === 'unknown' ? facts.seen(events) : [],
    checked: verdict === 'cause' ? [] : [`${considered.length} playbooks for ${kind} looked at it, none applies`],
    unread,
    considered,
  };
}
