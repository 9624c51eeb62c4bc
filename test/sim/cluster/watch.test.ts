import { expect, onTestFinished, test } from 'vitest';
import { type ClusterSim, startClusterSim } from '../../../src/sim/cluster/cluster-sim.ts';
import { sendHttp } from '../../contract/http-client.ts';
import { describeWatch } from '../../contract/watch.contract.ts';
import { type OpenWatch, openWatch } from '../../contract/watch-client.ts';
import { contractUsers } from './contract-cluster.ts';

const namespace = 'shop';
const PODS = `/api/v1/namespaces/${namespace}/pods`;
const AS_READER = { headers: { authorization: 'Bearer reader-token' } };

async function start(): Promise<ClusterSim> {
  return startClusterSim({ recordings: [], users: contractUsers(namespace) });
}

describeWatch('the simulated cluster', async () => {
  const sim = await start();
  const send = (token: string) => (path: string) =>
    sendHttp(sim.url, path, { headers: { authorization: `Bearer ${token}-token` } });
  const server = {
    namespace,
    bookmarkedSeconds: 1,
    send: send('reader'),
    watch: (path: string) => openWatch(sim.url, path, AS_READER),
    put: async (pod: Parameters<ClusterSim['put']>[0]) => {
      sim.put({ ...pod, metadata: { uid: 'u', ...(pod['metadata'] as object) } });
    },
    remove: async (name: string) => {
      sim.remove({ kind: 'Pod', namespace, name });
    },
  };
  return { server, powerless: send('powerless') };
});

async function startForTest(): Promise<ClusterSim> {
  const sim = await start();
  onTestFinished(() => sim.close());
  return sim;
}

function watchNow(sim: ClusterSim, version = '0'): Promise<OpenWatch> {
  return openWatch(sim.url, `${PODS}?watch=true&resourceVersion=${version}`, AS_READER);
}

test('a cut breaks the watches that are open, and the next one goes on', async () => {
  const sim = await startForTest();
  const watch = await watchNow(sim);

  const cut = sim.cutWatches();
  const ended = await watch.ended;
  const next = await watchNow(sim);
  sim.put({ kind: 'Pod', apiVersion: 'v1', metadata: { name: 'web', namespace } });
  const lines = await next.reach(1);

  expect([cut, ended, lines]).toMatchObject([1, 'broken', [{ type: 'ADDED', object: { metadata: { name: 'web' } } }]]);
});

test('versions from before are too old when watches have expired', async () => {
  const sim = await startForTest();
  const { json } = await sendHttp(sim.url, PODS, AS_READER);
  const { resourceVersion } = json['metadata'] as Readonly<Record<string, string>>;
  sim.expireWatches();

  const watch = await watchNow(sim, resourceVersion);
  await watch.ended;

  expect(watch.lines).toMatchObject([{ type: 'ERROR', object: { code: 410 } }]);
});

test('closing ends the watches', async () => {
  const sim = await start();
  const watch = await watchNow(sim);

  await sim.close();

  expect(await watch.ended).toBe('broken');
});
