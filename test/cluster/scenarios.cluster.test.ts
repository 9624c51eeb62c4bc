import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCluster } from '../../src/adapters/kubernetes/kubernetes-cluster.ts';
import type { CompiledPlaybook } from '../../src/core/playbook/compiled.ts';
import { describeWithCluster } from './injected-cluster.ts';
import { type Deployed, deployScenarios, playable, removeScenarios, settleScenario } from './scenario.ts';
import { askAbout, builtInPlaybooks, differences } from './scenario-answer.ts';
import { loadScenarios } from './scenario-file.ts';

/** Scenarios that stand side by side on the one node. */
const AT_A_TIME = 40;
const POD_REQUESTS = 10;
const WORKLOAD_REQUESTS = 16;

const scenarios = await loadScenarios();
const batches = Array.from({ length: Math.ceil(scenarios.length / AT_A_TIME) }, (_, index) =>
  scenarios.slice(index * AT_A_TIME, (index + 1) * AT_A_TIME),
);

describeWithCluster('breakages on a real cluster', (cluster) => {
  describe.each(batches.map((batch, index) => ({ index: index + 1, batch })))('batch $index', ({ batch }) => {
    const reader = openCluster({ kubeconfig: cluster.kubeconfig });
    const deployed = new Map<string, Deployed>();
    let playbooks: readonly CompiledPlaybook[] = [];

    beforeAll(async () => {
      playbooks = await builtInPlaybooks();
      for (const one of await deployScenarios(cluster, playable(cluster, batch))) {
        deployed.set(one.scenario.name, one);
      }
    }, 180_000);

    afterAll(async () => {
      await removeScenarios(cluster, [...deployed.values()]);
      reader.close();
    }, 120_000);

    test.concurrent.each(playable(cluster, batch).map(({ name }) => name))('%s', async (name) => {
      const answer = await play(name);

      expect(answer.differences).toEqual([]);
      expect(answer.requests).toBeLessThanOrEqual(answer.limit);
    });

    async function play(name: string): Promise<{ differences: readonly string[]; requests: number; limit: number }> {
      const one = deployed.get(name);
      const settled = one === undefined ? undefined : await settleScenario(cluster, one);
      if (settled?.kind !== 'settled') {
        throw new Error(`${name} did not get there: ${settled?.problem ?? 'it was not deployed'}`);
      }
      const answer = await askAbout(settled, reader, playbooks);
      const limit = answer.diagnosis.subject.kind === 'Pod' ? POD_REQUESTS : WORKLOAD_REQUESTS;
      return { differences: differences(settled, answer), requests: answer.requests, limit };
    }
  });
});
