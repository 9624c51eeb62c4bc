import { KubewhyError } from '../core/errors/kubewhy-error.ts';
import type { SubjectQuery } from '../core/subject/subject.ts';
import type { Unreadable } from '../ports/cluster-reader.ts';

const CODES = {
  forbidden: 'READ_FORBIDDEN',
  timeout: 'CLUSTER_TIMEOUT',
  unavailable: 'CLUSTER_UNREACHABLE',
  unauthorized: 'CREDENTIALS_REJECTED',
  invalid: 'CLUSTER_ANSWER_INVALID',
  'not-recorded': 'SUBJECT_NOT_FOUND',
  budget: 'BUG',
} as const satisfies Record<Unreadable['why'], string>;

/** The error for a subject that exists or not, which nobody can tell. */
export function unreadableSubject(result: Unreadable, query: SubjectQuery): KubewhyError {
  return new KubewhyError(CODES[result.why], { message: result.message, context: { ...query } });
}
