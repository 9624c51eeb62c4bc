/** `npm test [project ...]`: runs the test projects one after the other and closes with one line of totals. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const PROJECTS = ['unit', 'integration', 'browser', 'chaos', 'cluster'];
/** Most of these wait for each other's processes, so more of them run at once than there are cores. */
const WORKERS: Readonly<Record<string, number>> = { integration: Math.max(2, availableParallelism()) };
/** Where they are missing and cannot be installed, the tests that need them say so or are skipped. */
const DEBIAN_PACKAGES = ['redis-server', 'prometheus-alertmanager', 'chromium', 'ceph-mon', 'ceph-osd', 'ceph-common'];

const Report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

const named = process.argv.slice(2);
spawnSync(join('scripts', 'debian-packages'), DEBIAN_PACKAGES, { stdio: 'inherit' });
const folder = mkdtempSync(join(tmpdir(), 'kubewhy-test-'));
const results = PROJECTS.filter((name) => named.length === 0 || named.includes(name)).map(runProject);
rmSync(folder, { recursive: true, force: true });
const total = results.reduce(add, { passed: 0, failed: 0, skipped: 0 });
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);

function runProject(project: string): Totals {
  const file = join(folder, `${project}.json`);
  const vitest = join('node_modules', 'vitest', 'vitest.mjs');
  const workers = WORKERS[project];
  const args = ['run', '--project', project, '--passWithNoTests', ...(workers ? [`--maxWorkers=${workers}`] : [])];
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const { status } = spawnSync(process.execPath, [vitest, ...args, ...reporters], { stdio: 'inherit' });
  const totals = readTotals(file);
  return status === 0 || totals.failed > 0 ? totals : { ...totals, failed: 1 };
}

/** No report means that the run broke before the first test: `runProject` counts that as one failure. */
function readTotals(file: string): Totals {
  try {
    const report = Report.parse(JSON.parse(readFileSync(file, 'utf8')));
    const broken = report.testResults.filter(
      (suite) => suite.status === 'failed' && suite.assertionResults.length === 0,
    );
    return {
      passed: report.numPassedTests,
      failed: report.numFailedTests + broken.length,
      skipped: report.numPendingTests + report.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

function add(left: Totals, right: Totals): Totals {
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    skipped: left.skipped + right.skipped,
  };
}
