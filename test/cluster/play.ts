// Plays scenarios on the test cluster and shows what Kubewhy answers.
// usage: node test/cluster/play.ts [--record] [--near ENTRY] [--to FOLDER] [--show] [SCENARIO ...]
//   --record      writes each answer that is as expected to test/playbooks/CODE/hit-SCENARIO
//   --near ENTRY  writes it to test/playbooks/ENTRY/near-SCENARIO instead, as a near miss of ENTRY
//   --to FOLDER   writes the recording of the one scenario named to FOLDER, without an expected.yaml
//   --show        prints the whole answer, not only its first line
//   --verified    writes docs/verified.md from all scenarios and all recorded cases
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { writeRecording } from '../../src/adapters/recording/recording-files.ts';
import { renderText } from '../../src/core/render/render-text.ts';
import { connectCluster, startCluster } from './cluster.ts';
import { type Played, playScenarios } from './play-scenarios.ts';
import { loadScenarios } from './scenario-file.ts';
import { writeVerified } from './verified-table.ts';

type Answered = Extract<Played, { kind: 'answered' }>;

const { values: options, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    record: { type: 'boolean', default: false },
    near: { type: 'string' },
    to: { type: 'string' },
    show: { type: 'boolean', default: false },
    verified: { type: 'boolean', default: false },
  },
});

/** A cluster that runs already is used and left running. */
async function main(): Promise<void> {
  const cluster = (await startCluster()) ?? connectCluster('existing', process.env['KUBECONFIG'] ?? '');
  if (cluster === undefined) {
    process.exitCode = 1;
    return;
  }
  const answered: Answered[] = [];
  let failed = 0;
  try {
    await playScenarios(cluster, await loadScenarios(names.length === 0 ? undefined : names), async (played) => {
      show(played);
      if (played.kind === 'answered' && played.wrong.length === 0) {
        answered.push(played);
        await keep(played);
      } else {
        failed += 1;
      }
    });
  } finally {
    await cluster.stop();
  }
  console.log(`${answered.length} as expected, ${failed} not`);
  if (options.verified) {
    await writeVerified(answered);
  }
  process.exitCode = failed === 0 ? 0 : 1;
}

function show(played: Played): void {
  if (played.kind === 'unsettled') {
    console.log(`✗ ${played.scenario.name}: did not get there: ${played.problem}`);
    return;
  }
  const { settled, answer, wrong } = played;
  const mark = wrong.length === 0 ? '✓' : '✗';
  console.log(`${mark} ${settled.scenario.name} (${answer.requests} requests)\n    ${answer.firstLine}`);
  for (const text of wrong) {
    console.log(`    ${text}`);
  }
  if (options.show) {
    console.log(renderText(answer.diagnosis, { width: 80, color: false, explain: false }));
  }
}

async function keep(played: Answered): Promise<void> {
  const { settled, answer, recorder } = played;
  const recording = recorder.recording({ subject: `${settled.subject} -n ${settled.namespace}`, now: new Date() });
  if (options.to !== undefined) {
    await writeRecording(options.to, recording);
    return;
  }
  const folder = caseFolder(played);
  if (folder === undefined) {
    return;
  }
  await rm(folder, { recursive: true, force: true });
  await writeRecording(folder, recording);
  const { primary, verdict } = answer.diagnosis;
  const expected = {
    code: primary?.code ?? 'none',
    verdict,
    ...(primary === undefined ? {} : { state: primary.state, firstLine: [primary.cause] }),
    ...(primary?.blames === undefined ? {} : { blames: primary.blames }),
    ...(options.near === undefined ? {} : { not: [options.near] }),
  };
  await writeFile(join(folder, 'expected.yaml'), stringify(expected, { lineWidth: 0 }));
}

function caseFolder({ settled, answer }: Answered): string | undefined {
  const { scenario, expect } = settled;
  const cases = join(import.meta.dirname, '../playbooks');
  if (options.near !== undefined) {
    return join(cases, options.near, `near-${scenario.name}`);
  }
  const isCause = answer.diagnosis.primary !== undefined;
  return options.record && isCause ? join(cases, expect.code, `hit-${scenario.name}`) : undefined;
}

await main();
