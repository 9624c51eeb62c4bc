import type { CellReport, FaultName, Invariant, ManyReport, RunReport, Violation } from './cell.ts';
import { FAULTS, STEPS } from './cell.ts';

/** Everything that a run of the chaos tests has found. */
export interface ChaosResult {
  readonly cells: readonly CellReport[];
  readonly many: readonly ManyReport[];
  /** Of no single cell. */
  readonly violations: readonly Violation[];
  readonly auditEntries: number;
  readonly seconds: number;
}

const FAULT_WORDS: Readonly<Record<FaultName, string>> = {
  'worker-kill': 'process killed (SIGKILL)',
  'worker-freeze': 'process frozen for 2.6 leases (SIGSTOP), then awake',
  'worker-block': 'event loop blocked for 2.6 leases',
  'redis-kill': 'Redis killed (SIGKILL)',
  'redis-freeze': 'Redis frozen for 6.5 s (SIGSTOP)',
  'redis-power': 'Redis loses its power, its file torn',
  'redis-full': 'Redis full',
  'api-error': 'API server hangs, 429, 500, 409',
  'api-reset': 'API server: reset after the effect',
  'slack-error': 'Slack 429, 500, hangs',
  'slack-reset': 'Slack: reset after accepting',
  clock: 'clock jumps by ±10 min',
};

const LOSSES: readonly (readonly [string, readonly Invariant[]])[] = [
  ['lost: accepted, and no end or word (I1)', ['I1']],
  ['doubled: more than one effect (I2)', ['I2']],
  ['without an approval that was valid at that moment (I3)', ['I3']],
  ['on another object (I4)', ['I4']],
  ['without their entries in the audit, or its chain broken (I5)', ['I5']],
  ['shown in Slack wrongly, or not within a minute (I6)', ['I6']],
  ['secrets in Slack, Redis, a log or a request (I7)', ['I7']],
  ['anything else that must not be', ['other']],
];

/** All violations of a run. */
export function allViolations({ cells, many, violations }: ChaosResult): readonly Violation[] {
  return [...runsOf([...cells, ...many]).flatMap((run) => run.violations), ...violations];
}

/** The table of faults and steps, and the totals. */
export function markdown(result: ChaosResult): readonly string[] {
  const rows = [...changeRows(result), ...lossRows(result), ...timeRows(result)];
  return [...matrix(result.cells), '| what | |', '|---|---|', ...rows.map(([what, value]) => `| ${what} | ${value} |`)];
}

/** The verdict in one line. */
export function lastLine(result: ChaosResult): string {
  const count = allViolations(result).length;
  const made = changesMade(result);
  const cells = `${result.cells.length} cells, ${runsOf([...result.cells, ...result.many]).length} changes, ${made} of them made`;
  return `chaos: ${count === 0 ? 'ok' : 'FAILED'}: ${cells}, ${count} violations, ${minutes(result)} min`;
}

function runsOf(parts: readonly { readonly runs: readonly RunReport[] }[]): readonly RunReport[] {
  return parts.flatMap(({ runs }) => runs);
}

/** How many changes the fault met at the step, where not all of them were met, and what was wrong. */
function matrix(cells: readonly CellReport[]): readonly string[] {
  const faults = FAULTS.filter((fault) => cells.some(({ cell }) => cell.fault === fault));
  const steps = STEPS.filter((step) => cells.some(({ cell }) => cell.step === step));
  if (cells.length === 0) {
    return [];
  }
  const row = (fault: FaultName): string =>
    steps.map((step) => entry(cells.filter(({ cell }) => cell.fault === fault && cell.step === step))).join(' | ');
  return [
    `| fault | ${steps.join(' | ')} |`,
    `|---|${steps.map(() => '---').join('|')}|`,
    ...faults.map((fault) => `| ${FAULT_WORDS[fault]} | ${row(fault)} |`),
    '',
    'The figure is how many changes the fault met at that step; "3 of 4": one went past it; "n broken": something was that must never be.',
    '',
  ];
}

function entry(cells: readonly CellReport[]): string {
  // Those that are denied beside them meet no fault.
  const runs = runsOf(cells).filter(({ isBystander }) => isBystander !== true);
  const struck = runs.filter((run) => run.struck).length;
  const broken = runsOf(cells).reduce((sum, { violations }) => sum + violations.length, 0);
  const met = struck === runs.length ? String(struck) : `${struck} of ${runs.length}`;
  return broken === 0 ? met : `${met}, **${broken} broken**`;
}

type Row = readonly [string, string | number];

function changeRows(result: ChaosResult): readonly Row[] {
  const { cells, many } = result;
  const sum = (pick: (report: ManyReport) => number): number => many.reduce((total, report) => total + pick(report), 0);
  const doomed = `${sum(({ kills }) => kills)}, ${sum(({ zombies }) => zombies)} of which woke up again`;
  const series: readonly Row[] = [
    ['changes in a row', runsOf(many).length],
    ['— executors that died meanwhile', doomed],
    ['— deaths of Redis', sum(({ redisKills }) => redisKills)],
    ['— answers of the API server lost after the effect', sum(({ droppedReplies }) => droppedReplies)],
  ];
  const met = runsOf(cells).filter(({ struck }) => struck).length;
  const matrixRow: Row = [
    'changes in the cells of the table',
    `${runsOf(cells).length}, ${met} of which met the fault`,
  ];
  return [
    ...(cells.length > 0 ? [matrixRow] : []),
    ...(many.length > 0 ? series : []),
    ['changes that were made, each once', changesMade(result)],
    ['how all of them ended', outcomes(runsOf([...cells, ...many]))],
  ];
}

function changesMade({ cells, many }: ChaosResult): number {
  return runsOf([...cells, ...many]).reduce((sum, { effects }) => sum + effects, 0);
}

function lossRows(result: ChaosResult): readonly Row[] {
  const found = allViolations(result);
  return LOSSES.map(([what, invariants]) => [
    what,
    found.filter(({ invariant }) => invariants.includes(invariant)).length,
  ]);
}

function timeRows(result: ChaosResult): readonly Row[] {
  const { cells, auditEntries } = result;
  const recoveries = cells.flatMap(({ recoverySeconds }) => recoverySeconds ?? []).toSorted((a, b) => a - b);
  const median = recoveries[Math.floor(recoveries.length / 2)] ?? 0;
  const most = recoveries.at(-1) ?? 0;
  const recovery: Row = [
    'from the end of a fault until all had ended and was shown',
    `median ${median.toFixed(1)} s, at most ${most.toFixed(1)} s`,
  ];
  return [
    ...(recoveries.length > 0 ? [recovery] : []),
    ['entries of the audit, in whole chains', auditEntries],
    ['time', `${minutes(result)} min`],
  ];
}

function minutes({ seconds }: ChaosResult): string {
  return (seconds / 60).toFixed(1);
}

function outcomes(runs: readonly RunReport[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of runs) {
    const word = outcome.startsWith('refused:') ? 'refused in the thread' : outcome;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([word, count]) => `${word} ${count}`)
    .join(', ');
}
