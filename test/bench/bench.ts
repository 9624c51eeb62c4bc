import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { type Cluster, openCluster } from '../../src/adapters/kubernetes/kubernetes-cluster.ts';
import { recordingClusterReader } from '../../src/adapters/recording/recording-cluster-reader.ts';
import type { CompiledPlaybook } from '../../src/core/playbook/compiled.ts';
import { resourceOf } from '../../src/core/subject/kinds.ts';
import { diagnose } from '../../src/usecases/diagnose.ts';
import { recordingReader } from '../../src/usecases/recorder.ts';
import { redactedReader } from '../../src/usecases/redacted-reader.ts';
import { CONFIG_MISSING } from '../cluster/broken-pods.ts';
import { createBulkPods } from '../cluster/bulk-pods.ts';
import { startCluster, type TestCluster } from '../cluster/cluster.ts';
import { findKubectl } from '../cluster/kubectl.ts';
import { builtInPlaybooks } from '../cluster/scenario-answer.ts';
import { alertFigures } from './alert-figures.ts';
import { changeFigures } from './change-figures.ts';
import { percentile, processCost, runProgram, type Samples, time } from './measure.ts';
import { type Figure, slackFigures } from './slack-figures.ts';

const ROOT = join(import.meta.dirname, '../..');
const LAUNCHER = join(ROOT, 'bin', 'kubewhy');
const WARM_RUNS = 100;
const PROCESS_RUNS = 15;
const MANY_PODS = 5000;

const MANIFEST = `${CONFIG_MISSING}
---
apiVersion: v1
kind: Pod
metadata: { name: crashing }
spec:
  containers:
    - { name: app, image: busybox:1.36, imagePullPolicy: IfNotPresent, command: [sh, -c, "echo failed; exit 3"] }
---
apiVersion: v1
kind: Pod
metadata: { name: healthy }
spec:
  containers:
    - { name: app, image: lab/idle:1, imagePullPolicy: IfNotPresent }
`;

interface Bench {
  readonly cluster: TestCluster;
  readonly namespace: string;
  readonly api: Cluster;
  readonly playbooks: readonly CompiledPlaybook[];
}

/** A row of the table: what was measured and its figures. */
type Row = readonly [string, string];

async function main(): Promise<void> {
  const cluster = await startCluster();
  if (cluster === undefined) {
    return;
  }
  const namespace = `bench-${Date.now().toString(36)}`;
  const api = openCluster({ kubeconfig: cluster.kubeconfig });
  const bench: Bench = { cluster, namespace, api, playbooks: await builtInPlaybooks() };
  try {
    await prepare(bench);
    const small = await measure(bench);
    await createBulkPods(cluster, namespace, MANY_PODS);
    const large = await measure(bench);
    await publish(small, large, await slackFigures(cluster.kubeconfig, namespace));
  } finally {
    api.close();
    await cluster.deleteNamespace(namespace);
    await cluster.stop();
  }
}

async function prepare({ cluster, namespace }: Bench): Promise<void> {
  const kubectl = (...args: readonly string[]): Promise<string> => cluster.kubectl(['-n', namespace, ...args]);
  await cluster.kubectl(['create', 'namespace', namespace]);
  await kubectl('wait', 'serviceaccount/default', '--for=create', '--timeout=60s');
  await cluster.kubectl(['-n', namespace, 'apply', '-f', '-'], MANIFEST);
  await kubectl('wait', 'pod/healthy', '--for=condition=Ready', '--timeout=60s');
  const restarted = '--for=jsonpath={.status.containerStatuses[0].restartCount}=2';
  await kubectl('wait', 'pod/crashing', restarted, '--timeout=90s');
}

async function measure(bench: Bench): Promise<readonly Row[]> {
  const { api, namespace, cluster } = bench;
  const get = { resource: resourceOf('Pod'), namespace, name: 'crashing' };
  const trip = await time(WARM_RUNS, () => api.question().get(get));
  const rows: Row[] = [['one API round trip (GET pod)', figures(trip)]];
  for (const name of ['config-missing', 'crashing', 'healthy']) {
    rows.push([`requests of \`why ${name}\``, String(await requestsFor(bench, name))]);
    rows.push([`warm \`why ${name}\``, figures(await time(WARM_RUNS, () => requestsFor(bench, name)))]);
  }
  rows.push(...(await judging(bench)), ...(await beside(bench)));
  return [...rows, ...(await coldStart(cluster.kubeconfig, namespace))];
}

async function requestsFor({ api, playbooks, namespace }: Bench, name: string): Promise<number> {
  const reader = redactedReader(api.question());
  await diagnose({ name, namespace }, { cluster: reader, playbooks, clock: { now: () => new Date() } });
  return reader.requestCount();
}

/** The same question asked of a recording: what deriving, judging and ranking cost without the network. */
async function judging({ api, playbooks, namespace }: Bench): Promise<readonly Row[]> {
  const clock = { now: () => new Date() };
  const question = { name: 'crashing', namespace };
  const recorder = recordingReader(redactedReader(api.question()));
  await diagnose(question, { cluster: recorder.reader, playbooks, clock });
  const recording = recorder.recording({ subject: question.name, now: clock.now() });
  const samples = await time(WARM_RUNS, () =>
    diagnose(question, { cluster: recordingClusterReader(recording), playbooks, clock }),
  );
  return [['deriving facts, evaluating all playbooks, ranking', figures(samples)]];
}

async function beside({ cluster, namespace }: Bench): Promise<readonly Row[]> {
  const kubectl = findKubectl(process.env) ?? 'kubectl';
  const run = (...args: readonly string[]): Promise<void> =>
    runProgram(kubectl, [`--kubeconfig=${cluster.kubeconfig}`, '-n', namespace, ...args]);
  const describe = await time(PROCESS_RUNS, () => run('describe', 'pod', 'crashing'));
  const byHand = await time(PROCESS_RUNS, async () => {
    await run('describe', 'pod', 'crashing');
    await run('get', 'events', '--field-selector', 'involvedObject.name=crashing');
    await run('logs', 'crashing', '--previous');
  });
  return [
    ['`kubectl describe pod` (process)', figures(describe)],
    ['describe + get events + logs --previous (three processes)', figures(byHand)],
  ];
}

async function coldStart(kubeconfig: string, namespace: string): Promise<readonly Row[]> {
  const args = [LAUNCHER, 'why', 'crashing', '-n', namespace, '--kubeconfig', kubeconfig];
  await processCost(args);
  const costs = [];
  for (let index = 0; index < PROCESS_RUNS; index += 1) {
    costs.push(await processCost(args));
  }
  const memory = costs.map((cost) => cost.mebibytes);
  return [
    ['cold `kubewhy why` (process, end to end)', figures(costs.map((cost) => cost.ms))],
    [
      'peak memory of one question',
      `${percentile(memory, 0.5).toFixed(0)} MiB, most ${Math.max(...memory).toFixed(0)} MiB`,
    ],
  ];
}

function figures(samples: Samples): string {
  return `${percentile(samples, 0.5).toFixed(1)} / ${percentile(samples, 0.99).toFixed(1)} ms`;
}

async function publish(small: readonly Row[], large: readonly Row[], slack: readonly Figure[]): Promise<void> {
  const rows = small.map(([label, value], index) => `| ${label} | ${value} | ${large[index]?.[1] ?? ''} |`);
  await writeTable('figures', [
    `Measured ${machine()}, API server and kubelet on the same machine. Times are p50 / p99.`,
    '',
    `| what | 3 pods | ${MANY_PODS} pods in the namespace |`,
    '|---|---|---|',
    ...rows,
    '',
    `The bot between the stand-in for Slack and the same API server, ${MANY_PODS} pods in the namespace:`,
    '',
    ...twoColumns(slack),
  ]);
}

/** What needs no real cluster, by the mark of its table. */
const ALONE = { alerts: alertFigures, remediations: changeFigures } as const;

/** `only` names parts of it, which are printed only. What must never be is said and fails the run. */
async function benchAlone(mark: keyof typeof ALONE, only: readonly string[]): Promise<void> {
  const load = loadavg()[0] ?? 0;
  const { figures: rows, broken } = await ALONE[mark](only);
  const where = `Measured ${machine()}, senders included; the load of the machine was ${load.toFixed(1)} before it began.`;
  const table = [`${where} Times are p50 / p99.`, '', ...twoColumns(rows)];
  if (only.length === 0) {
    await writeTable(mark, table);
  } else {
    console.log(table.join('\n'));
  }
  for (const sentence of broken) {
    console.error(`broken: ${sentence}`);
    process.exitCode = 1;
  }
}

function machine(): string {
  return `${new Date().toISOString().slice(0, 10)} on ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
}

function twoColumns(rows: readonly Figure[]): readonly string[] {
  return ['| what | |', '|---|---|', ...rows.map(([label, value]) => `| ${label} | ${value} |`)];
}

/** Prints a table and puts it between its marks in the document. */
async function writeTable(mark: string, lines: readonly string[]): Promise<void> {
  const table = lines.join('\n');
  console.log(table);
  const file = join(ROOT, 'docs', 'benchmarks.md');
  const text = await readFile(file, 'utf8');
  const start = `<!-- ${mark} -->\n`;
  const [before = '', rest = ''] = text.split(start);
  await writeFile(file, `${before}${start}${table}${rest.slice(rest.indexOf('\n<!-- end -->'))}`);
}

const [part, ...only] = process.argv.slice(2);
if (part === 'alerts' || part === 'remediations') {
  await benchAlone(part, only);
} else {
  await main();
  await benchAlone('alerts', []);
  await benchAlone('remediations', []);
}
