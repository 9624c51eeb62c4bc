import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { WATCH_TIMING, type WatchTiming } from '../../../src/adapters/kubernetes/watch-pods.ts';
import type { JsonObject } from '../../../src/core/facts/json.ts';
import type { PodWatch } from '../../../src/ports/pod-watch.ts';
import type { SimUser } from '../../../src/sim/cluster/access-rules.ts';
import { type ClusterSim, startClusterSim } from '../../../src/sim/cluster/cluster-sim.ts';
import { openTestCluster, temporaryFolder } from './api-server.ts';
import { PodRecorder } from './pod-recorder.ts';

const namespace = 'shop';
const QUICK: WatchTiming = { ...WATCH_TIMING, firstPauseMs: 20, longestPauseMs: 100, forbiddenPauseMs: 20 };

function userWith(verbs: readonly string[]): SimUser {
  return { token: 't', name: 'watcher', rules: [{ verbs, apiGroups: [''], resources: ['pods'] }] };
}

let sim: ClusterSim;
let recorder: PodRecorder;

async function startSim(verbs: readonly string[] = ['list', 'watch']): Promise<void> {
  sim = await startClusterSim({ recordings: [], users: [userWith(verbs)] });
  onTestFinished(() => sim.close());
}

beforeEach(async () => {
  recorder = new PodRecorder();
  await startSim();
});

function put(name: string, metadata: JsonObject = {}): void {
  sim.put({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, uid: `uid-${name}`, ...metadata } });
}

function remove(name: string): void {
  sim.remove({ kind: 'Pod', namespace, name });
}

async function watch(watching: WatchTiming = QUICK): Promise<PodWatch> {
  const kubeconfig = join(temporaryFolder(), 'config');
  await sim.writeKubeconfig(kubeconfig);
  return openTestCluster({ kubeconfig, watch: watching }).watchPods(namespace, recorder);
}

/** `list` and `watch`, in order. */
function requests(): readonly string[] {
  return sim.requests().map(({ url }) => (url.includes('watch=true') ? 'watch' : 'list'));
}

describe('a watch of pods', () => {
  it('tells what is there, then what changes', async () => {
    put('web', {
      managedFields: [{ manager: 'x' }],
      annotations: { a: 'b', 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
    });
    await watch();
    await recorder.hears('watching');

    put('db');
    await recorder.hears('db');
    remove('web');
    await recorder.hears('gone uid-web');

    expect(recorder.heard).toEqual(['starting', 'web', 'listed', 'watching', 'db', 'gone uid-web']);
    expect(recorder.pods[0]).toMatchObject({ metadata: { annotations: { a: 'b' } } });
    expect(JSON.stringify(recorder.pods)).not.toMatch(/managedFields|last-applied/);
    expect(recorder.serverTime).toBeInstanceOf(Date);
  });

  it('goes on after a broken connection where it was, without a list', async () => {
    await watch();
    await recorder.hears('watching');
    put('web');
    await recorder.hears('web');

    sim.cutWatches();
    put('db');
    remove('web');
    await recorder.hears('gone uid-web');

    expect(recorder.heard).toEqual(['starting', 'listed', 'watching', 'web', 'db', 'gone uid-web']);
    expect(requests()).toEqual(['list', 'watch', 'watch']);
  });

  it('reads everything anew when its version is too old, and tells who is gone', async () => {
    put('web');
    put('db');
    await watch();
    await recorder.hears('watching');

    sim.faults.add({ path: '*', effect: { kind: 'reset' } });
    sim.cutWatches();
    await recorder.hears('failing');
    remove('web');
    sim.expireWatches();
    sim.faults.clear();
    await recorder.hears('gone uid-web');

    expect(recorder.heard.slice(-3)).toEqual(['db', 'gone uid-web', 'listed']);
  });

  it('reads everything anew for an answer 410 as well', async () => {
    await watch();
    await recorder.hears('watching');

    sim.faults.add({ path: '*', times: 1, effect: { kind: 'status', status: 410 } });
    sim.cutWatches();
    await recorder.hears('listed', 2);

    expect(requests()).toEqual(['list', 'watch', 'watch', 'list']);
  });

  it('goes on when the server ends it in order', async () => {
    await watch({ ...QUICK, watchSeconds: 1, steadyMs: 0 });
    await recorder.hears('watching');
    while (!requests().includes('watch') || sim.requestCount() < 3) {
      await pause(50);
    }
    put('web');

    await recorder.hears('web');

    expect(recorder.states.map(({ kind }) => kind)).toEqual(['starting', 'watching']);
  });

  it('tells a pod of the same name that is another one', async () => {
    put('web');
    await watch();
    await recorder.hears('watching');

    remove('web');
    put('web', { uid: 'uid-of-another' });
    await recorder.hears('web', 2);

    expect(recorder.heard.slice(-2)).toEqual(['gone uid-web', 'web']);
  });

  it('tells at most 5,000 pods, and that there are more', async () => {
    for (let number = 0; number < 5001; number += 1) {
      put(`web-${String(number).padStart(4, '0')}`);
    }

    await watch();
    await recorder.hears('watching');
    put('one-more');
    put('web-0000');
    await recorder.hears('web-0000', 2);

    expect(recorder.states.at(-1)).toEqual({ kind: 'watching', beyond: true });
    expect(recorder.pods).toHaveLength(5001);
    expect(recorder.heard).not.toContain('one-more');
  });

  it('says nothing any more when it is stopped', async () => {
    const running = await watch();
    await recorder.hears('watching');

    running.stop();
    put('web');
    await pause(50);

    expect(recorder.heard).toEqual(['starting', 'listed', 'watching']);
  });
});

describe('a watch that fails', () => {
  it.each([
    ['list', [], 'could not read pods in namespace shop; the missing permission is `list pods`'],
    ['watch', ['list'], 'could not read pods in namespace shop; the missing permission is `watch pods`'],
  ])('says which permission is missing: %s', async (_verb, verbs, message) => {
    await startSim(verbs);

    await watch();
    await recorder.hears('forbidden');

    expect(recorder.states.at(-1)).toEqual({ kind: 'forbidden', message });
  });

  it('tries again after a missing permission', async () => {
    const removeFault = sim.faults.add({ path: '*', effect: { kind: 'status', status: 403, message: 'no' } });
    await watch();
    await recorder.hears('forbidden');

    removeFault();
    await recorder.hears('watching');

    expect(recorder.heard).toEqual(['starting', 'forbidden', 'listed', 'watching']);
  });

  it('says why, and works again when the server does', async () => {
    await watch();
    await recorder.hears('watching');
    const removeFault = sim.faults.add({ path: '*', effect: { kind: 'reset' } });
    sim.cutWatches();
    await recorder.hears('failing');

    removeFault();
    put('web');
    await recorder.hears('web');

    expect(recorder.states.at(-2)).toEqual({
      kind: 'failing',
      message: expect.stringMatching(
        /^could not (?:watch|read) pods in namespace shop: the API server at 127\.0\.0\.1/,
      ),
    });
  });

  it('does not ask again at once, whatever happens', async () => {
    await watch({ ...QUICK, firstPauseMs: 60_000, longestPauseMs: 60_000 });
    await recorder.hears('watching');

    sim.cutWatches();
    await pause(300);

    expect(requests()).toEqual(['list', 'watch']);
  });

  it('shows new credentials when those it had are not accepted any more', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'token'), 't');
    const kubeconfig = join(folder, 'config');
    writeFileSync(kubeconfig, sim.kubeconfig().replace('token: t', `tokenFile: ${join(folder, 'token')}`));
    openTestCluster({ kubeconfig, watch: QUICK }).watchPods(namespace, recorder);
    await recorder.hears('watching');

    sim.faults.add({ path: '*', times: 1, effect: { kind: 'status', status: 401 } });
    sim.cutWatches();
    put('web');
    await recorder.hears('web');

    expect(requests()).toEqual(['list', 'watch', 'watch', 'watch']);
  });

  it('is told apart from questions: those need not wait for it', async () => {
    const kubeconfig = join(temporaryFolder(), 'config');
    await sim.writeKubeconfig(kubeconfig);
    const cluster = openTestCluster({ kubeconfig, watch: QUICK });
    for (let number = 0; number < 40; number += 1) {
      cluster.watchPods(`shop-${number}`, recorder);
    }
    await recorder.hears('watching', 40);

    const version = await cluster.review().version();

    expect(version.kind).toBe('known');
  });
});
