import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Cluster, openCluster } from '../../src/adapters/kubernetes/kubernetes-cluster.ts';
import { writeRecording } from '../../src/adapters/recording/recording-files.ts';
import { openRecording } from '../../src/app/open-recording.ts';
import { parseRecordedSubject } from '../../src/cli/recorded-subject.ts';
import type { Diagnosis } from '../../src/core/diagnosis/diagnosis.ts';
import type { CompiledPlaybook } from '../../src/core/playbook/compiled.ts';
import { diagnose } from '../../src/usecases/diagnose.ts';
import { type Recorder, recordingReader } from '../../src/usecases/recorder.ts';
import type { TestCluster } from './cluster.ts';
import { installReader } from './reader-account.ts';
import { type Deployed, deployScenario, playable, removeScenario, type Settled, settleScenario } from './scenario.ts';
import { askAbout, builtInPlaybooks, differences, type ScenarioAnswer } from './scenario-answer.ts';
import type { Scenario } from './scenario-file.ts';

/** Scenarios that stand side by side on the one node. */
const AT_A_TIME = 14;
const ASK_AGAIN_MS = 4000;

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

/** What all plays share. */
export interface Stage {
  readonly cluster: TestCluster;
  readonly api: Cluster;
  readonly playbooks: readonly CompiledPlaybook[];
  close(): Promise<void>;
}

/** Opens the cluster for questions of the account that deploy/rbac gives the bot. */
export async function openStage(cluster: TestCluster): Promise<Stage> {
  const [reader, playbooks] = await Promise.all([installReader(cluster), builtInPlaybooks()]);
  const api = openCluster({ kubeconfig: reader.kubeconfig });
  return {
    cluster,
    api,
    playbooks,
    async close() {
      api.close();
      await reader.remove();
    },
  };
}

/** Plays all scenarios, several at a time, and hands over each one while it still stands. */
export async function playScenarios(
  cluster: TestCluster,
  scenarios: readonly Scenario[],
  onPlayed: (played: Played) => Promise<void>,
): Promise<void> {
  const stage = await openStage(cluster);
  const queue = playable(cluster, scenarios).values();
  const lane = async (): Promise<void> => {
    for (const scenario of queue) {
      await playScenario(scenario, stage, onPlayed);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_A_TIME }, lane));
  } finally {
    await stage.close();
  }
}

/** Sets a scenario up, asks about it, hands over the answer while it stands, and removes it. */
export async function playScenario(
  scenario: Scenario,
  stage: Stage,
  onPlayed: (played: Played) => Promise<void>,
): Promise<void> {
  const deployed = await deployScenario(stage.cluster, scenario);
  try {
    await onPlayed(await play(deployed, stage));
  } finally {
    await removeScenario(stage.cluster, deployed);
  }
}

async function play(deployed: Deployed, stage: Stage): Promise<Played> {
  const settled = await settleScenario(stage.cluster, deployed);
  if (settled.kind === 'unsettled') {
    return { kind: 'unsettled', scenario: settled.scenario, problem: settled.problem };
  }
  const first = await ask(settled, stage);
  if (first.wrong.length === 0) {
    return first;
  }
  // A container that crashes in a loop changes under the question: for a moment the kubelet has no log, for example.
  await sleep(ASK_AGAIN_MS);
  return ask(settled, stage);
}

async function ask(
  settled: SettledScenario,
  { api, playbooks }: Stage,
): Promise<Extract<Played, { kind: 'answered' }>> {
  let recorder: Recorder | undefined;
  const answer = await askAbout(settled, api, playbooks, (reader) => {
    recorder = recordingReader(reader);
    return recorder.reader;
  });
  if (recorder === undefined) {
    throw new Error(`${settled.scenario.name}: nothing was read`);
  }
  return { kind: 'answered', settled, answer, wrong: differences(settled, answer), recorder };
}

/** The same question asked of what was recorded, by way of its files. */
export async function replay(
  { settled, recorder }: Extract<Played, { kind: 'answered' }>,
  playbooks: readonly CompiledPlaybook[],
): Promise<Diagnosis> {
  const folder = await mkdtemp(join(tmpdir(), 'kubewhy-replay-'));
  try {
    const subject = `${settled.subject} -n ${settled.namespace}`;
    await writeRecording(join(folder, 'recording'), recorder.recording({ subject, now: new Date() }));
    const { cluster, clock } = await openRecording(join(folder, 'recording'));
    const query = parseRecordedSubject(subject);
    return await diagnose({ namespace: settled.namespace, ...query }, { cluster, clock, playbooks });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
