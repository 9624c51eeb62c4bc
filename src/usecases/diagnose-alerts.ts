import type { Diagnosis } from '../core/diagnosis/diagnosis.ts';
import type { ErrorCode } from '../core/errors/catalogue.ts';
import { isKubewhyError, type KubewhyError } from '../core/errors/kubewhy-error.ts';
import type { TargetGroup } from '../core/triage/target-group.ts';
import type { ClusterReader } from '../ports/cluster-reader.ts';
import { type DiagnoseDeps, diagnose } from './diagnose.ts';
import { findRoots, type RootQuestion, type Unasked } from './find-roots.ts';

/** The ports of a diagnosis, with a reader for each question. */
export interface DiagnoseAlertsDeps extends Omit<DiagnoseDeps, 'cluster'> {
  readonly openReader: () => ClusterReader;
}

/** What was found out about the root object of some alerts. */
export interface AlertAnswer {
  readonly question: RootQuestion;
  readonly result:
    | { readonly kind: 'diagnosis'; readonly diagnosis: Diagnosis }
    | { readonly kind: 'failure'; readonly error: KubewhyError };
}

/** All that was found out. */
export interface AlertAnswers {
  readonly answers: readonly AlertAnswer[];
  /** Questions that were not asked because there were too many, or because the cluster does not answer. */
  readonly leftOut: readonly RootQuestion[];
  readonly unasked: readonly Unasked[];
}

/** After one of these the next question would fail the same way. */
const HOPELESS: readonly ErrorCode[] = ['CLUSTER_UNREACHABLE', 'CLUSTER_TIMEOUT', 'CREDENTIALS_REJECTED'];

/** Diagnoses what alerts are about, each root object once and at most `most` of them. */
export async function diagnoseAlerts(
  groups: readonly TargetGroup[],
  deps: DiagnoseAlertsDeps,
  most: number,
): Promise<AlertAnswers> {
  const { questions, unasked } = await findRoots(groups, deps.openReader());
  const answers: AlertAnswer[] = [];
  for (const question of questions.slice(0, most)) {
    const answer = await answerOf(question, deps);
    answers.push(answer);
    if (answer.result.kind === 'failure' && HOPELESS.includes(answer.result.error.code)) {
      break;
    }
  }
  return { answers, leftOut: questions.slice(answers.length), unasked };
}

async function answerOf(question: RootQuestion, deps: DiagnoseAlertsDeps): Promise<AlertAnswer> {
  const { openReader, playbooks, clock } = deps;
  try {
    const diagnosis = await diagnose(question.query, { cluster: openReader(), playbooks, clock });
    return { question, result: { kind: 'diagnosis', diagnosis } };
  } catch (error) {
    if (isKubewhyError(error)) {
      return { question, result: { kind: 'failure', error } };
    }
    throw error;
  }
}
