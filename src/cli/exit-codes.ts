import type { Verdict } from '../core/diagnosis/diagnosis.ts';
import type { ErrorCode } from '../core/errors/catalogue.ts';
import { isKubewhyError } from '../core/errors/kubewhy-error.ts';

/** What the exit codes of the program mean. */
export const EXIT = { healthy: 0, cause: 1, unknown: 2, usage: 3, unreachable: 4, interrupted: 130 } as const;

const BY_VERDICT = {
  healthy: EXIT.healthy,
  starting: EXIT.healthy,
  finished: EXIT.healthy,
  stopping: EXIT.healthy,
  cause: EXIT.cause,
  unknown: EXIT.unknown,
} as const satisfies Record<Verdict, number>;

const BY_ERROR = {
  USAGE: EXIT.usage,
  SUBJECT_INVALID: EXIT.usage,
  SUBJECT_NOT_FOUND: EXIT.usage,
  SUBJECT_AMBIGUOUS: EXIT.usage,
  KUBECONFIG_INVALID: EXIT.usage,
  CLUSTER_UNREACHABLE: EXIT.unreachable,
  CLUSTER_TIMEOUT: EXIT.unreachable,
  CREDENTIALS_REJECTED: EXIT.unreachable,
  READ_FORBIDDEN: EXIT.unreachable,
  CLUSTER_ANSWER_INVALID: EXIT.unreachable,
  PLAYBOOKS_INVALID: EXIT.usage,
  RECORDING_INVALID: EXIT.usage,
  OUTPUT_NOT_WRITTEN: EXIT.usage,
  CONFIG_INVALID: EXIT.usage,
  SETTINGS_INVALID: EXIT.usage,
  STORE_UNAVAILABLE: EXIT.unreachable,
  QUEUE_UNAVAILABLE: EXIT.unreachable,
  CHAT_UNAVAILABLE: EXIT.unreachable,
  CHAT_REJECTED: EXIT.usage,
  CLUSTER_UNKNOWN: EXIT.usage,
  NOT_ALLOWED: EXIT.usage,
  BOT_UNREACHABLE: EXIT.unreachable,
  ALERT_TOKEN_REJECTED: EXIT.usage,
  BUG: EXIT.unknown,
} as const satisfies Record<ErrorCode, number>;

/** The exit code of an answer. */
export function exitCodeOf(verdict: Verdict): number {
  return BY_VERDICT[verdict];
}

/** The exit code of a failure; whatever is not one of our errors is a defect. */
export function exitCodeOfError(error: unknown): number {
  return BY_ERROR[isKubewhyError(error) ? error.code : 'BUG'];
}
