import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type Cluster, openCluster } from '../../../src/adapters/kubernetes/kubernetes-cluster.ts';
import { type ClusterSim, startClusterSim } from '../../../src/sim/cluster/cluster-sim.ts';
import { type ContractServer, type ContractUser, describeApiServer } from '../../contract/api-server.contract.ts';
import { describeApiServerAccess } from '../../contract/api-server-access.contract.ts';
import { describeClusterReader } from '../../contract/cluster-reader.contract.ts';
import { sendHttp } from '../../contract/http-client.ts';
import { contractRecording, contractUsers } from './contract-cluster.ts';

const namespace = 'contract';
const sims: ClusterSim[] = [];
const clusters: Cluster[] = [];
const folders: string[] = [];

afterAll(async () => {
  for (const cluster of clusters) {
    cluster.close();
  }
  await Promise.all(sims.map((sim) => sim.close()));
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true })));
});

async function start(): Promise<ClusterSim> {
  const sim = await startClusterSim({ recordings: [contractRecording(namespace)], users: contractUsers(namespace) });
  sims.push(sim);
  return sim;
}

async function openServer(): Promise<ContractServer> {
  const sim = await start();
  sim.expireLists();
  const authorization = (user: ContractUser): Record<string, string> =>
    user === 'anonymous' ? {} : { authorization: `Bearer ${user}-token` };
  return {
    namespace,
    send: (user, path, question = {}) =>
      sendHttp(sim.url, path, { ...question, headers: { ...authorization(user), ...question.headers } }),
  };
}

describeApiServer('the simulated cluster', openServer);

describeApiServerAccess('the simulated cluster', openServer);

describeClusterReader('the simulated cluster', async () => {
  const sim = await start();
  const folder = await mkdtemp(join(tmpdir(), 'kubewhy-sim-'));
  folders.push(folder);
  const open = async (token: string): Promise<Cluster> => {
    const kubeconfig = join(folder, token);
    await sim.writeKubeconfig(kubeconfig, token);
    const cluster = openCluster({ kubeconfig });
    clusters.push(cluster);
    return cluster;
  };
  const [full, powerless] = await Promise.all([open('reader-token'), open('powerless-token')]);
  return { namespace, question: () => full.question(), withoutRights: () => powerless.question() };
});
