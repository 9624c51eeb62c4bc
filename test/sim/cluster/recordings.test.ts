import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openCluster } from '../../../src/adapters/kubernetes/kubernetes-cluster.ts';
import { loadPlaybooks } from '../../../src/adapters/playbook-files/load-playbooks.ts';
import { differences } from '../../../src/app/expected-answer.ts';
import { openCase } from '../../../src/app/playbook-cases.ts';
import { parseRecordedSubject } from '../../../src/cli/recorded-subject.ts';
import type { Diagnosis } from '../../../src/core/diagnosis/diagnosis.ts';
import type { SubjectQuery } from '../../../src/core/subject/subject.ts';
import { type ClusterSim, startClusterSim } from '../../../src/sim/cluster/cluster-sim.ts';
import { readRecordingFolder } from '../../../src/sim/cluster/recording-folder.ts';
import { diagnose } from '../../../src/usecases/diagnose.ts';

const ROOT = join(import.meta.dirname, '../../..');
const CASES = join(ROOT, 'test/playbooks');
const playbooks = await loadPlaybooks({ folders: [join(ROOT, 'playbooks')] });
const folder = await mkdtemp(join(tmpdir(), 'kubewhy-sim-'));

/** Hand-written failures with words of their own, which no server would say. */
const OWN_WORDS = [
  'hit-secrets-forbidden',
  'hit-nodes-unreadable',
  'hit-taint-named-by-1-29',
  'hit-config-map-unreadable',
];
/** Questions about all nodes or all APIs: among those of other incidents, they have other answers. */
const ABOUT_THE_WHOLE = [
  'hit-pending-host-port',
  'hit-pending-host-port-other',
  'hit-pending-memory-taken',
  'hit-pending-soft-anti-affinity-full',
  'hit-pending-spread-hosts',
  'hit-pending-spread-label-missing',
  'hit-pending-node-lost',
  'hit-deleted-pod-node-dead',
  'hit-deleted-pod-node-dead-volume',
  'hit-manager-gone',
  'hit-never-looked',
  // The same claim, recorded in another state: both have its events.
  'volume-resize-failed/hit-nobody-answers',
];

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function hitsOf(playbook: string): Promise<readonly string[]> {
  const cases = await readdir(join(CASES, playbook));
  const usable = cases.filter((name) => name.startsWith('hit-') && !OWN_WORDS.includes(name));
  return usable.toSorted().map((name) => join(playbook, name));
}

const entries = (await readdir(CASES, { withFileTypes: true })).filter((entry) => entry.isDirectory());
const hits = await Promise.all(entries.map(({ name }) => hitsOf(name)));

async function ask(sim: ClusterSim, query: SubjectQuery): Promise<Diagnosis> {
  const kubeconfig = join(folder, new URL(sim.url).port);
  await sim.writeKubeconfig(kubeconfig);
  const cluster = openCluster({ kubeconfig });
  try {
    return await diagnose(query, { cluster: cluster.question(), clock: { now: () => new Date() }, playbooks });
  } finally {
    cluster.close();
  }
}

async function questionOf(path: string): Promise<{ readonly query: SubjectQuery; readonly recorded: Diagnosis }> {
  const { recording, expected } = await openCase(join(CASES, path));
  const subject = parseRecordedSubject(expected.subject ?? recording.subject);
  const query = { ...subject, namespace: subject.namespace ?? recording.namespace };
  const { cluster, clock } = recording;
  return { query, recorded: await diagnose(query, { cluster, clock, playbooks }) };
}

/** Runbook steps go past the API server, which is all that is simulated here. */
async function isOfTheApiAlone(path: string): Promise<boolean> {
  const recording = await readRecordingFolder(join(CASES, path));
  return recording.closedWorld
    ? recording.runbook === undefined
    : recording.reads.every(({ query }) => query.verb !== 'runbook');
}

describe('a recording by itself', async () => {
  const first = hits.flatMap((paths) => paths.slice(0, 1));
  const served = await Promise.all(first.map(isOfTheApiAlone));
  const samples = first.filter((_path, index) => served[index]);

  test('is tried for each playbook', () => {
    expect(samples.length).toBeGreaterThanOrEqual(60);
  });

  test.each(samples)('answers word for word over HTTP: %s', async (path) => {
    const { query, recorded } = await questionOf(path);
    const { clock } = await readRecordingFolder(join(CASES, path));
    const sim = await startClusterSim({ recordings: [join(CASES, path)], now: () => new Date(clock) });

    const diagnosis = await ask(sim, query);
    await sim.close();

    expect(diagnosis).toEqual(recorded);
  });
});

describe('recordings of different times in one cluster', async () => {
  const paths = hits
    .flatMap((list) => list.slice(0, 2))
    .filter((path) => !ABOUT_THE_WHOLE.some((name) => path.endsWith(name)));
  const recordings = await Promise.all(
    paths.map(async (path) => ({ path, recording: await readRecordingFolder(join(CASES, path)) })),
  );
  // Hand-written cases all play in the same few namespaces.
  const recorded = recordings.filter(({ recording }) => !recording.closedWorld);
  const now = (): Date => new Date('2031-05-06T07:08:09Z');
  const sim = await startClusterSim({ recordings: recorded.map(({ recording }) => recording), now });

  afterAll(() => sim.close());

  test('are many', () => {
    expect(recorded.length).toBeGreaterThanOrEqual(60);
    expect(sim.subjects().length).toBe(recorded.length);
  });

  test.each(recorded.map(({ path }) => path))('answer alike over HTTP: %s', async (path) => {
    const { expected } = await openCase(join(CASES, path));
    const { query, recorded: before } = await questionOf(path);

    const diagnosis = await ask(sim, query);

    expect(differences(diagnosis, { ...expected, firstLine: [] })).toEqual([]);
    expect(outline(diagnosis)).toEqual(outline(before));
  });
});

/** What does not depend on the time and on the names of nodes. */
function outline({ verdict, primary, alternatives, modifiers, others, consequences }: Diagnosis): object {
  const codes = (findings: readonly { readonly code: string }[]): readonly string[] => findings.map(({ code }) => code);
  return {
    verdict,
    primary: [primary?.code, primary?.state, primary?.container, primary?.root?.finding.code],
    checks: primary?.checks.map(({ id, answer }) => [id, answer]),
    alternatives: codes(alternatives),
    modifiers: codes(modifiers),
    others: codes(others),
    consequences: codes(consequences),
  };
}

describe('the examples in one cluster', async () => {
  const examples = ['incident-a-subpath', 'incident-b-backoff', 'incident-d-config-key'];
  const sim = await startClusterSim({ recordings: examples.map((name) => join(ROOT, 'examples', name)) });

  afterAll(() => sim.close());

  test('do not contradict each other', () => {
    expect(sim.conflicts()).toEqual([]);
    expect(sim.subjects().map(({ text }) => text)).toEqual([
      'deploy/blog-api -n shop',
      'blog-web-5fc78555f8-f4pnz -n shop',
      'deploy/billing -n shop',
    ]);
  });

  test.each([
    ['blog-api', 'subpath-stale-bind-mount', 'confirmed', 'ConfigMap `blog-api-appsettings`'],
    ['blog-web-5fc78555f8-f4pnz', 'killed-by-signal', 'likely', 'SIGKILL'],
    ['billing', 'missing-config-key', 'confirmed', '`DATABASE_HOST` does'],
  ])('have an answer each: %s', async (name, code, state, words) => {
    const [query = { namespace: '', name: '' }] = sim.subjects().filter((subject) => subject.name === name);

    const { primary } = await ask(sim, query);

    expect(primary).toMatchObject({ code, state, cause: expect.stringContaining(words) });
  });
});
