import { afterAll, beforeAll, expect, test } from 'vitest';
import { renderText } from '../../src/core/render/render-text.ts';
import { describeWithCluster } from './injected-cluster.ts';
import { openStage, type Played, playScenario, replay, type Stage } from './play-scenarios.ts';
import { playable } from './scenario.ts';
import { loadScenarios } from './scenario-file.ts';

const POD_REQUESTS = 10;
const WORKLOAD_REQUESTS = 16;
/** Some scenarios wait for several restarts, and many of them share the machine. */
const SCENARIO_MS = 900_000;

/**
 * Whole nodes that break load the host, and all that runs beside them, and some breakages reach everything in the cluster;
 * they are played one at a time by `play.ts`.
 */
const scenarios = (await loadScenarios()).filter(
  ({ machine, subject, alone }) => machine === undefined && alone === undefined && !subject.startsWith('node/'),
);

describeWithCluster('breakages on a real cluster', (cluster) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage(cluster);
  });

  afterAll(async () => {
    await stage.close();
  });

  test.concurrent.each(playable(cluster, scenarios).map((scenario) => [scenario.name, scenario] as const))(
    '%s',
    async (_name, scenario) => {
      const seen: Played[] = [];

      await playScenario(scenario, stage, async (played) => {
        seen.push(played);
      });

      const [played] = seen;
      if (played?.kind !== 'answered') {
        throw new Error(`it did not get there: ${played?.problem ?? 'nothing was played'}`);
      }
      const { wrong, answer } = played;
      expect(wrong, renderText(answer.diagnosis, { width: 80, color: false, explain: true })).toEqual([]);
      const limit = answer.diagnosis.subject.kind === 'Pod' ? POD_REQUESTS : WORKLOAD_REQUESTS;
      expect(answer.requests).toBeLessThanOrEqual(limit);
      expect(await replay(played, stage.playbooks)).toEqual(answer.diagnosis);
    },
    SCENARIO_MS,
  );
});
