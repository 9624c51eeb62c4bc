/** `npm run check`: runs every check and prints one line for each; `-- --no-tests` leaves the unit tests out. */
import { spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

interface Step {
  readonly name: string;
  readonly command: string;
}

interface Outcome {
  readonly ok: boolean;
  readonly seconds: number;
  readonly output: string;
}

/** The page runs in a browser, so that it and its tests have a configuration of their own. */
const PAGE_TYPES = ['src/sim/slack/page', 'test/sim/slack/page'].map(
  (path) => `tsc --noEmit --pretty false -p ${path}`,
);

const STEPS: readonly Step[] = [
  { name: 'types', command: 'tsc --noEmit --pretty false' },
  { name: 'page types', command: PAGE_TYPES.join(' && ') },
  { name: 'lint', command: 'oxlint --type-aware' },
  { name: 'format', command: 'biome check --colors=off' },
  { name: 'layers', command: 'node scripts/check-layers.ts' },
  { name: 'dead code', command: 'knip --no-progress' },
  { name: 'unit tests', command: 'vitest run --project unit' },
];

const withoutTests = process.argv.includes('--no-tests');
const wanted = STEPS.filter((step) => !withoutTests || step.name !== 'unit tests');
if (!withoutTests) {
  spawnSync(join('scripts', 'debian-packages'), ['redis-server', 'prometheus-alertmanager'], { stdio: 'inherit' });
}
const failed = await runAll(wanted);
if (failed.length > 0) {
  console.log(`\n${failed.length} of ${wanted.length} checks failed: ${failed.join(', ')}`);
  process.exit(1);
}

/** Runs as many steps at once as there are cores; reports them in their fixed order. */
async function runAll(steps: readonly Step[]): Promise<string[]> {
  const outcomes = steps.map(() => Promise.withResolvers<Outcome>());
  const queue = steps.entries();
  const workers = Array.from({ length: Math.min(availableParallelism(), steps.length) }, async () => {
    for (const [index, step] of queue) {
      outcomes[index]?.resolve(await run(step));
    }
  });
  const names: string[] = [];
  for (const [index, step] of steps.entries()) {
    const outcome = await outcomes[index]?.promise;
    if (outcome !== undefined && !report(step, outcome)) {
      names.push(step.name);
    }
  }
  await Promise.all(workers);
  return names;
}

function report(step: Step, { ok, seconds, output }: Outcome): boolean {
  console.log(`${ok ? 'ok    ' : 'FAILED'}  ${step.name.padEnd(10)}  ${seconds.toFixed(1).padStart(5)} s`);
  if (!ok) {
    console.log(`${output.trimEnd()}\n`);
  }
  return ok;
}

function run(step: Step): Promise<Outcome> {
  const startedAt = performance.now();
  const path = [dirname(process.execPath), resolve('node_modules', '.bin'), process.env['PATH']];
  const env = { ...process.env, PATH: path.join(delimiter) };
  const finished = Promise.withResolvers<Outcome>();
  const child = spawn(step.command, { shell: true, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.on('close', (code) => {
    const seconds = (performance.now() - startedAt) / 1000;
    finished.resolve({ ok: code === 0, seconds, output: Buffer.concat(chunks).toString() });
  });
  return finished.promise;
}
