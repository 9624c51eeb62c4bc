import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '../cluster/cluster.ts';
import type { ChaosOptions } from './arguments.ts';
import { bundle } from './bundle.ts';
import type { Cell, CellReport, FaultName, LaneMessage, ManyReport, StepName, Violation } from './cell.ts';
import { openRealLab, type RealPlace } from './real-lab.ts';
import type { ChaosResult } from './report.ts';
import { type Lane, startLane } from './start-lane.ts';

/** Changes at the same time in a lane while everything dies. */
const CONCURRENCY = 6;
/** 250 deaths among 2,000, with a little more. */
const CHANGES_A_KILL = 6;
/** Whatever takes longer than this hangs, also on a busy machine. */
const CELL_WITHIN_MS = 15 * 60_000;
const CHANGE_WITHIN_MS = 60_000;
const END_WITHIN_MS = 5 * 60_000;

/** These take longest, so they come first. */
const SLOW_FAULTS: readonly FaultName[] = ['worker-freeze', 'worker-block', 'redis-freeze', 'slack-reset'];
const SLOW_STEPS: readonly StepName[] = ['ingest', 'enqueue', 'diagnose', 'redact', 'post', 'finish'];

/** A run as far as it has come. */
interface Played {
  readonly cells: CellReport[];
  readonly many: ManyReport[];
  readonly violations: Violation[];
  auditEntries: number;
}

/** Where the programs, the settings and the logs of a run are, and what may still run. */
export interface Playground {
  readonly folder: string;
  readonly lanes: Lane[];
  /** The real cluster, where one was asked for. */
  readonly real: RealPlace | undefined;
  isClosing(): boolean;
  /** Ends everything; the folder goes unless its logs are of use. */
  close(keepLogs: boolean): Promise<void>;
}

/** An empty one in the folder for temporary files; with a real cluster, which is found or started, or that rejects. */
export async function openPlayground({ cluster: isReal }: ChaosOptions): Promise<Playground> {
  const cluster = isReal ? await startCluster() : undefined;
  if (isReal && cluster === undefined) {
    throw new Error('There is no cluster to play against.');
  }
  const lab = cluster && (await openRealLab(cluster));
  const folder = await mkdtemp(join(tmpdir(), 'kubewhy-chaos-'));
  const lanes: Lane[] = [];
  let isClosing = false;
  return {
    folder,
    lanes,
    real: lab?.place,
    isClosing: () => isClosing,
    async close(keepLogs) {
      isClosing = true;
      await Promise.all(lanes.map((lane) => lane.close()));
      await lab?.close();
      await cluster?.stop();
      await rm(keepLogs ? join(folder, 'compile-cache') : folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Plays what was chosen in several lanes at once; `told` hears of each cell as it ends. */
export async function playLanes(
  chosen: ChaosOptions,
  playground: Playground,
  told: (report: CellReport, done: number, total: number) => void,
): Promise<ChaosResult> {
  const { folder, lanes, real } = playground;
  const startedAt = Date.now();
  const cells = cellsOf(chosen);
  const total = cells.length;
  const result: Played = { cells: [], many: [], violations: [], auditEntries: 0 };
  const programs = await bundle(join(folder, 'programs'));
  const count = Math.min(chosen.lanes, Math.max(total, chosen.many));
  const share = Math.ceil(chosen.many / count);
  await Promise.all(
    Array.from({ length: count }, async (_, number) => {
      const options = {
        number,
        program: programs.bot,
        folder: join(folder, `lane-${number}`),
        ...(real === undefined ? {} : { real }),
      };
      const lane = startLane(options, programs.lane);
      lanes.push(lane);
      await lane.ready();
      while (cells.length > 0 && lane.isAlive()) {
        const report = await playCell(lane, cells);
        if (playground.isClosing()) {
          return;
        }
        result.cells.push(...report);
        report.forEach((one) => told(one, result.cells.length, total));
      }
      if (share > 0) {
        await playMany(lane, share, result);
      }
      await end(lane, result);
      await lane.close();
    }),
  );
  result.violations.push(...cells.map(({ fault, step }) => unplayed(`${fault} × ${step} was not played`)));
  return { ...result, seconds: (Date.now() - startedAt) / 1000 };
}

/** The next of the cells. */
async function playCell(lane: Lane, cells: Cell[]): Promise<readonly CellReport[]> {
  const cell = cells.shift();
  if (cell === undefined) {
    return [];
  }
  const answer = await lane.perform({ kind: 'cell', cell }, CELL_WITHIN_MS);
  if (answer.kind === 'cell') {
    return [answer.report];
  }
  const violations = [unexpected(answer)];
  const run = { name: `${cell.fault} × ${cell.step}`, outcome: 'not played', struck: false, effects: 0, violations };
  return [{ cell, seconds: 0, runs: [run] }];
}

async function playMany(lane: Lane, count: number, result: Played): Promise<void> {
  const many = { count, concurrency: CONCURRENCY, changesAKill: CHANGES_A_KILL };
  const answer = await lane.perform({ kind: 'many', many }, CELL_WITHIN_MS + count * CHANGE_WITHIN_MS);
  if (answer.kind === 'many') {
    result.many.push(answer.report);
  } else {
    result.violations.push(unexpected(answer));
  }
}

async function end(lane: Lane, result: Played): Promise<void> {
  const answer = await lane.perform({ kind: 'end' }, END_WITHIN_MS);
  if (answer.kind === 'end') {
    result.violations.push(...answer.violations);
    result.auditEntries += answer.entries;
  } else {
    result.violations.push(unexpected(answer));
  }
}

function unexpected(answer: LaneMessage): Violation {
  return unplayed(answer.kind === 'failed' ? answer.says : `the lane said ${answer.kind}`);
}

function unplayed(says: string): Violation {
  return { invariant: 'other', says };
}

function cellsOf({ faults, steps, rounds }: ChaosOptions): Cell[] {
  const all = Array.from({ length: rounds }, (_, round) =>
    faults.flatMap((fault) => steps.map((step) => ({ fault, step, round }))),
  ).flat();
  return all.toSorted((a, b) => rank(a) - rank(b));
}

function rank({ fault, step }: Cell): number {
  return (SLOW_FAULTS.includes(fault) ? 0 : 2) + (SLOW_STEPS.includes(step) ? 0 : 1);
}
