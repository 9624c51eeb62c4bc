import type { WorkloadFacts } from '../facts/workload-facts.ts';
import { blankDiagnosis, type Diagnosis } from './diagnosis.ts';

/** A workload's diagnosis before its cause is known. */
export function summariseWorkload(facts: WorkloadFacts, now: string): Diagnosis {
  const { namespace = '', name = '', uid = '' } = facts.workload.metadata ?? {};
  return blankDiagnosis({ kind: facts.kind, namespace, name, uid }, now, facts.state.status);
}

/** What was looked at when a workload is found healthy. */
export function checkedWorkload({ state, pods, refusals }: WorkloadFacts): readonly string[] {
  return [
    state.status,
    ...state.notes,
    ...(state.notes.length === 0
      ? [`${pods.length} ${pods.length === 1 ? 'pod' : 'pods'} looked at, none in trouble`]
      : []),
    ...(refusals.length === 0 ? ['no pod creation refused'] : []),
  ];
}

/** Warnings about the workload itself, when no playbook can name the cause. */
export function seenOfWorkload({ about }: WorkloadFacts): readonly string[] {
  return about
    .filter((event) => event.type === 'Warning')
    .slice(0, 3)
    .map((event) => `event ${event.reason}: ${event.message}`);
}
