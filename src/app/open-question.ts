import { systemClock } from '../adapters/system/system-clock.ts';
import type { Config } from '../config/config.ts';
import type { CompiledPlaybook } from '../core/playbook/compiled.ts';
import type { DiagnoseDeps } from '../usecases/diagnose.ts';
import { redactedReader } from '../usecases/redacted-reader.ts';
import { type ClusterChoice, openChosenCluster } from './open-cluster.ts';
import { openRecording } from './open-recording.ts';

/** Where the answer comes from. */
export interface QuestionChoice extends ClusterChoice {
  /** A folder with a recording, instead of a cluster. */
  readonly from?: string | undefined;
}

/** Everything that one question needs. */
export interface OpenedQuestion {
  readonly deps: DiagnoseDeps;
  /** The namespace when the question names none. */
  readonly namespace: string;
  /** What a recording was made of. */
  readonly recorded?: string;
}

/** Opens a cluster or a recording while the playbooks are being loaded. */
export async function openQuestion(
  choice: QuestionChoice,
  config: Config,
  playbooks: Playbooks,
): Promise<OpenedQuestion> {
  // Its failure is seen where it is awaited, even when opening fails first.
  playbooks.catch(() => undefined);
  return choice.from === undefined ? askCluster(choice, config, playbooks) : askRecording(choice.from, playbooks);
}

type Playbooks = Promise<readonly CompiledPlaybook[]>;

async function askRecording(folder: string, playbooks: Playbooks): Promise<OpenedQuestion> {
  const { cluster, clock, subject, namespace } = await openRecording(folder);
  return {
    deps: { cluster, clock, playbooks: await playbooks },
    namespace,
    recorded: subject,
  };
}

async function askCluster(choice: ClusterChoice, config: Config, playbooks: Playbooks): Promise<OpenedQuestion> {
  const cluster = await openChosenCluster(choice, config, { interactive: process.stdin.isTTY });
  return {
    deps: { cluster: redactedReader(cluster.question()), clock: systemClock(), playbooks: await playbooks },
    namespace: cluster.namespace,
  };
}
