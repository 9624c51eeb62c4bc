import type { RunbookCommand } from '../core/ceph/command.ts';

/** A command outside Kubernetes: a program and its arguments, never a shell. */
export type RunbookStep = RunbookCommand;

/** What a command answered; the exit code 126 (`NOT_RUN`) says that it certainly was not run, and stderr why. */
export type RunbookOutput =
  | { readonly kind: 'ended'; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  /** It did not end in time, or nobody heard how it ended; whether it took effect cannot be told. */
  | { readonly kind: 'unknown'; readonly message: string };

/** Runs runbook steps in the place that the settings name for a cluster: a toolbox pod, a Job, or a local program. */
export interface RunbookRunner {
  /** For people: `toolbox rook-ceph/rook-ceph-tools`. */
  readonly place: string;
  /** Runs one step of the list in `core/ceph/allowed-command.ts`; anything else is not run. Never rejects. */
  run(step: RunbookStep): Promise<RunbookOutput>;
}
