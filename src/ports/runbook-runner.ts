/** A command outside Kubernetes: a program and its arguments, never a shell. */
export interface RunbookStep {
  readonly tool: 'rbd' | 'ceph';
  readonly args: readonly string[];
}

/** What a command answered. */
export type RunbookOutput =
  | { readonly kind: 'ended'; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  /** It could not be started or did not end in time; whether it took effect cannot be told. */
  | { readonly kind: 'unknown'; readonly message: string };

/** Runs runbook steps in the place that the settings name for a cluster: a toolbox pod, a Job, or a local program. */
export interface RunbookRunner {
  /** For people: `toolbox rook-ceph/rook-ceph-tools`. */
  readonly place: string;
  run(step: RunbookStep): Promise<RunbookOutput>;
}
