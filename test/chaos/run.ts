import { BEGIN } from '../../src/adapters/redis/question-scripts.ts';
import { PROPOSE } from '../../src/adapters/redis/remediation-scripts.ts';
import type { ChaosWorld } from './chaos-world.ts';
import { type Gates, isAbout } from './gates.ts';
import type { IllPod } from './ill-pods.ts';
import type { Stepping } from './steps.ts';

/** Something that a person did and that was acknowledged. */
export interface Accepted {
  readonly what: 'question' | 'review' | 'approval' | 'denial';
  /** Epoch milliseconds. */
  readonly at: number;
  /** Question or remediation that it is about. */
  readonly id: string;
}

/** One change with the people who want it. */
export interface Run extends Stepping {
  readonly name: string;
  readonly pod: IllPod;
  readonly channel: string;
  readonly ids: Set<string>;
  /** Denied instead of approved. */
  readonly isDenied: boolean;
  approved: boolean;
  readonly accepted: Accepted[];
  /** When an approval was sent at first; epoch milliseconds. */
  approvedAt?: number;
  /** What a person would complain about. */
  readonly complaints: string[];
  outcome: string;
  /** Set when it was the test that failed. */
  testFailure?: string;
}

/** A run that has not begun. */
export function newRun(
  parts: Pick<Run, 'name' | 'pod' | 'index' | 'isDenied'>,
  { channels }: Pick<ChaosWorld, 'channels'>,
): Run {
  const channel = channels[parts.index % channels.length]?.id ?? '';
  return {
    ...parts,
    namespace: parts.pod.namespace,
    channel,
    ids: new Set(),
    approved: false,
    accepted: [],
    complaints: [],
    outcome: 'not begun',
  };
}

/** Notes that the test itself could not go on. */
export function failRun(run: Run, error: unknown): void {
  run.outcome = 'the test itself failed';
  run.testFailure = error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Learns the ids of questions and changes from what passes. */
export function learnIds(gates: Gates, runs: readonly Run[]): void {
  gates.observe((passing) => {
    const pattern = { [BEGIN.sha]: /q-[a-z2-7]{16}/, [PROPOSE.sha]: /m-[a-z0-9]{16}/ }[passing.what];
    const run = pattern && runs.find((one) => isAbout(passing, { namespace: one.namespace, ids: new Set() }));
    const id = pattern?.exec(passing.text())?.[0];
    if (run !== undefined && id !== undefined) {
      run.ids.add(id);
    }
  });
}
