import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type Cluster, openCluster } from '../../../src/adapters/kubernetes/kubernetes-cluster.ts';
import type { JsonObject } from '../../../src/core/facts/json.ts';
import { completeObjects } from '../../../src/core/recording/case-document.ts';
import { childOf } from '../../../src/core/recording/object-parts.ts';
import type { ClusterWriter } from '../../../src/ports/cluster-writer.ts';
import { type ClusterSim, startClusterSim } from '../../../src/sim/cluster/cluster-sim.ts';
import {
  APPROVER_RULES,
  approvers,
  describeClusterWriter,
  type WrittenCluster,
  writtenObjects,
} from '../../contract/cluster-writer.contract.ts';
import { sendHttp } from '../../contract/http-client.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';
import { contractUsers } from './contract-cluster.ts';

const namespace = 'written';
const CLOCK = '2026-01-31T12:00:00Z';
const sims: ClusterSim[] = [];
const clusters: Cluster[] = [];
const folders: string[] = [];

afterAll(async () => {
  clusters.forEach((cluster) => cluster.close());
  await Promise.all(sims.map((sim) => sim.close()));
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true })));
});

describeClusterWriter('the simulated cluster', async () => {
  const sim = await start();
  const folder = await mkdtemp(join(tmpdir(), 'kubewhy-writer-'));
  folders.push(folder);
  const open = async (token: string): Promise<ClusterWriter> => {
    const kubeconfig = join(folder, token);
    await sim.writeKubeconfig(kubeconfig, token);
    const cluster = openCluster({ kubeconfig });
    clusters.push(cluster);
    return cluster.writer(new RecordingLogger());
  };
  const writer = await open('reader-token');
  const headers = { authorization: 'Bearer reader-token' };
  const written: WrittenCluster = {
    namespace,
    writer,
    powerless: await open('powerless-token'),
    cut: async () => {
      sim.faults.add({ path: '/api*', method: 'DELETE', times: 1, effect: { kind: 'reset', after: true } });
      return writer;
    },
    put: async (object) => {
      for (const one of complete([object])) {
        sim.put(one);
      }
    },
    read: (path) => sendHttp(sim.url, path, { headers }),
  };
  return written;
});

async function start(): Promise<ClusterSim> {
  const { user, group } = approvers(namespace);
  const rules = APPROVER_RULES.map((rule) => ({ ...rule, namespaces: [namespace] }));
  const sim = await startClusterSim({
    recordings: [
      {
        closedWorld: true,
        subject: '',
        clock: CLOCK,
        objects: complete(writtenObjects(namespace)).map(asSeen),
        logs: [],
        unreadable: [],
      },
    ],
    users: contractUsers(namespace),
    identities: [
      { user, rules },
      { group, rules },
    ],
    controllers: 'still',
  });
  sims.push(sim);
  return sim;
}

function complete(objects: readonly JsonObject[]): readonly JsonObject[] {
  return completeObjects(objects, [], { namespace, clock: CLOCK, created: CLOCK });
}

/** What kubelet and controllers would have written. */
function asSeen(object: JsonObject): JsonObject {
  const metadata = { ...childOf(object, 'metadata'), generation: 1 };
  switch (object['kind']) {
    case 'Pod': {
      const conditions = [{ type: 'Ready', status: 'True' }];
      return {
        ...object,
        spec: { ...childOf(object, 'spec'), nodeName: 'node-1' },
        status: { phase: 'Running', conditions },
      };
    }
    case 'PodDisruptionBudget': {
      const counts = { currentHealthy: 1, desiredHealthy: 1, disruptionsAllowed: 0, expectedPods: 1 };
      return { ...object, metadata, status: { observedGeneration: 1, ...counts } };
    }
    default:
      return { ...object, metadata };
  }
}
