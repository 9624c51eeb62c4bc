import type { Diagnosis } from '../core/diagnosis/diagnosis.ts';
import type { RootCause } from '../core/diagnosis/finding.ts';
import { resourceOf } from '../core/subject/kinds.ts';
import { type SubjectQuery, subjectTitle } from '../core/subject/subject.ts';
import { diagnoseNode } from './diagnose-node.ts';
import { type DiagnosisContext, diagnosePod, readPod } from './diagnose-pod.ts';

/** The cause of a pod or a node that another finding depends on, within the same reads; what it depends on is not followed. */
export async function followSubject(
  target: Required<SubjectQuery>,
  { reads, playbooks, now, depth }: DiagnosisContext,
): Promise<RootCause | undefined> {
  const diagnosis = await diagnoseTarget(target, { reads, playbooks, now, depth: depth + 1 });
  if (diagnosis?.primary === undefined) {
    return undefined;
  }
  const { root: _, ...finding } = diagnosis.primary;
  return { subject: subjectTitle(target), finding };
}

async function diagnoseTarget(
  target: Required<SubjectQuery>,
  context: DiagnosisContext,
): Promise<Diagnosis | undefined> {
  if (target.kind === 'Node') {
    const node = await context.reads.get({ resource: resourceOf('Node'), name: target.name });
    return node.kind === 'found' ? diagnoseNode(node.object, context) : undefined;
  }
  if (target.kind !== 'Pod') {
    return undefined;
  }
  const { pod, events } = await readPod(target, context.reads);
  return pod.kind === 'found' ? diagnosePod(pod.object, events, context) : undefined;
}
