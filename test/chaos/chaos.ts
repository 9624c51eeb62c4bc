/** `npm run chaos`: changes are asked for, approved and made while everything around them fails. See docs/reliability.md. */
import { type ChaosOptions, readArguments } from './arguments.ts';
import type { CellReport } from './cell.ts';
import { openPlayground, type Playground, playLanes } from './play-lanes.ts';
import { allViolations, lastLine, markdown } from './report.ts';
import { writeReport } from './write-report.ts';

const INTERRUPTED = 130;

const options = readArguments(process.argv.slice(2));
process.exit(options === undefined ? 2 : await main(options));

/** Returns the exit code: 1 when something was that must never be. */
async function main(chosen: ChaosOptions): Promise<number> {
  const playground = await openPlayground(chosen);
  const interrupted = Promise.withResolvers<number>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => interrupted.resolve(INTERRUPTED));
  }
  const code = await Promise.race([play(chosen, playground), interrupted.promise]);
  const keepLogs = code === 1 || (chosen.verbose && code === 0);
  await playground.close(keepLogs);
  if (keepLogs) {
    console.log(`The logs are in ${playground.folder}.`);
  }
  return code;
}

async function play(chosen: ChaosOptions, playground: Playground): Promise<number> {
  try {
    const result = await playLanes(chosen, playground, tell);
    const violations = allViolations(result);
    const lines = markdown(result);
    console.log(`\n${lines.join('\n')}\n`);
    if (chosen.write) {
      await writeReport(lines, chosen);
    }
    violations.forEach(({ invariant, says }) => console.log(`${invariant}: ${says}`));
    console.log(lastLine(result));
    return violations.length === 0 ? 0 : 1;
  } catch (error) {
    if (playground.isClosing()) {
      return INTERRUPTED;
    }
    console.error(error);
    return 1;
  }
}

/** One line for each cell, and one for each violation. */
function tell({ cell, seconds, runs }: CellReport, done: number, total: number): void {
  const violations = runs.flatMap((run) => run.violations);
  const struck = runs.filter((run) => run.struck).length;
  const ends = runs.map(({ outcome }) => outcome).join(', ');
  console.log(
    `${String(done).padStart(4)}/${total}  ${cell.fault} × ${cell.step} (${cell.round}): ${struck} met, ${violations.length} violations, ${seconds.toFixed(1)} s  ${ends}`,
  );
  violations.forEach(({ invariant, says }) => console.log(`      ${invariant}: ${says}`));
}
