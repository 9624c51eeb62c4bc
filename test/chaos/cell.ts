import type { RealPlace } from './real-lab.ts';

/** What goes wrong. */
export const FAULTS = [
  'worker-kill',
  'worker-freeze',
  'worker-block',
  'redis-kill',
  'redis-freeze',
  'redis-power',
  'redis-full',
  'api-error',
  'api-reset',
  'slack-error',
  'slack-reset',
  'clock',
] as const;

export type FaultName = (typeof FAULTS)[number];

/** Where a change is when it goes wrong, in their order. */
export const STEPS = [
  'ingest',
  'enqueue',
  'diagnose',
  'redact',
  'post',
  'click',
  'vote',
  'queue',
  'claim',
  'dry-run',
  'mutate',
  'finish',
] as const;

export type StepName = (typeof STEPS)[number];

/** One fault at one step, met by a few changes at once. */
export interface Cell {
  readonly fault: FaultName;
  readonly step: StepName;
  /** Counts from 0; what may vary (before or after the effect, which error) varies with it. */
  readonly round: number;
}

/** Invariants of which a run may break one. `other`: something else that must never be. */
export type Invariant = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'other';

/** Something that must never be. */
export interface Violation {
  readonly invariant: Invariant;
  readonly says: string;
}

/** What became of one change. */
export interface RunReport {
  readonly name: string;
  /** The state in which it ended, or what was said instead. */
  readonly outcome: string;
  /** Whether the fault met it at the step. */
  readonly struck: boolean;
  /** Denied beside the others, and met by no fault on purpose. */
  readonly isBystander?: boolean;
  readonly effects: number;
  readonly violations: readonly Violation[];
}

/** What became of the changes of a cell. */
export interface CellReport {
  readonly cell: Cell;
  readonly seconds: number;
  /** From the end of the last fault until everything had ended and was shown; absent: the fault never met anything. */
  readonly recoverySeconds?: number;
  readonly runs: readonly RunReport[];
}

/** Many changes at once while processes and Redis die and replies are lost. */
export interface ManyTask {
  readonly count: number;
  /** At the same time. */
  readonly concurrency: number;
  /** An executor dies whenever so many changes have begun since the last one. */
  readonly changesAKill: number;
}

/** What happened meanwhile. */
export interface ManyReport {
  readonly seconds: number;
  readonly runs: readonly RunReport[];
  readonly kills: number;
  readonly zombies: number;
  readonly redisKills: number;
  readonly droppedReplies: number;
}

/** What a lane is told, one task after the other. */
export type LaneTask =
  | { readonly kind: 'cell'; readonly cell: Cell }
  | { readonly kind: 'many'; readonly many: ManyTask }
  | { readonly kind: 'end' };

/** What a lane says; a task is answered by one message, and `end` by the last. */
export type LaneMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'cell'; readonly report: CellReport }
  | { readonly kind: 'many'; readonly report: ManyReport }
  | { readonly kind: 'failed'; readonly says: string }
  | { readonly kind: 'end'; readonly violations: readonly Violation[]; readonly entries: number };

/** What a lane is started with. */
export interface LaneOptions {
  readonly number: number;
  /** The program of the bots. */
  readonly program: string;
  /** For logs and settings. */
  readonly folder: string;
  /** The real cluster; absent: the stand-in. */
  readonly real?: RealPlace;
}
