import { type Cluster, openCluster } from '../../src/adapters/kubernetes/kubernetes-cluster.ts';
import type { CompiledPlaybook } from '../../src/core/playbook/compiled.ts';
import { type Recorder, recordingReader } from '../../src/usecases/recorder.ts';
import type { TestCluster } from './cluster.ts';
import { type Deployed, deployScenarios, playable, removeScenarios, type Settled, settleScenario } from './scenario.ts';
import { askAbout, builtInPlaybooks, differences, type ScenarioAnswer } from './scenario-answer.ts';
import type { Scenario } from './scenario-file.ts';

/** Scenarios that stand side by side on the one node. */
const AT_A_TIME = 40;

export type SettledScenario = Extract<Settled, { kind: 'settled' }>;

/** What came of a scenario. */
export type Played =
  | {
      readonly kind: 'answered';
      readonly settled: SettledScenario;
      readonly answer: ScenarioAnswer;
      /** How the answer differs from what was expected. */
      readonly wrong: readonly string[];
      readonly recorder: Recorder;
    }
  | { readonly kind: 'unsettled'; readonly scenario: Scenario; readonly problem: string };

interface Stage {
  readonly cluster: TestCluster;
  readonly api: Cluster;
  readonly playbooks: readonly CompiledPlaybook[];
}

/** Plays scenarios, at most forty at a time, and hands over each as soon as it was answered, while it still stands. */
export async function playScenarios(
  cluster: TestCluster,
  scenarios: readonly Scenario[],
  onPlayed: (played: Played) => Promise<void>,
): Promise<void> {
  const api = openCluster({ kubeconfig: cluster.kubeconfig });
  const stage: Stage = { cluster, api, playbooks: await builtInPlaybooks() };
  const all = playable(cluster, scenarios);
  try {
    for (let from = 0; from < all.length; from += AT_A_TIME) {
      const deployed = await deployScenarios(cluster, all.slice(from, from + AT_A_TIME));
      try {
        await Promise.all(deployed.map(async (one) => onPlayed(await play(one, stage))));
      } finally {
        await removeScenarios(cluster, deployed);
      }
    }
  } finally {
    api.close();
  }
}

async function play(deployed: Deployed, { cluster, api, playbooks }: Stage): Promise<Played> {
  const settled = await settleScenario(cluster, deployed);
  if (settled.kind === 'unsettled') {
    return { kind: 'unsettled', scenario: settled.scenario, problem: settled.problem };
  }
  let recorder: Recorder | undefined;
  const answer = await askAbout(settled, api, playbooks, (reader) => {
    recorder = recordingReader(reader);
    return recorder.reader;
  });
  if (recorder === undefined) {
    throw new Error(`${deployed.scenario.name}: nothing was read`);
  }
  return { kind: 'answered', settled, answer, wrong: differences(settled, answer), recorder };
}
