import { join } from 'node:path';
import type { Cluster } from '../../src/adapters/kubernetes/kubernetes-cluster.ts';
import { loadPlaybooks } from '../../src/adapters/playbook-files/load-playbooks.ts';
import { parseSubject } from '../../src/core/command/subject-argument.ts';
import type { Diagnosis } from '../../src/core/diagnosis/diagnosis.ts';
import type { CompiledPlaybook } from '../../src/core/playbook/compiled.ts';
import { summaryLine } from '../../src/core/render/headline.ts';
import type { ClusterReader } from '../../src/ports/cluster-reader.ts';
import { diagnose } from '../../src/usecases/diagnose.ts';
import { redactedReader } from '../../src/usecases/redacted-reader.ts';
import type { Settled } from './scenario.ts';

type SettledScenario = Extract<Settled, { kind: 'settled' }>;

/** What Kubewhy answered to a scenario's question. */
export interface ScenarioAnswer {
  readonly diagnosis: Diagnosis;
  readonly firstLine: string;
  readonly exit: number;
  readonly requests: number;
}

/** The built-in playbooks, read from their files. */
export function builtInPlaybooks(): Promise<readonly CompiledPlaybook[]> {
  return loadPlaybooks({ folders: [join(import.meta.dirname, '../../playbooks')] });
}

/** Asks about a settled scenario; `wrap` may put a recorder around the reader. */
export async function askAbout(
  settled: SettledScenario,
  cluster: Cluster,
  playbooks: readonly CompiledPlaybook[],
  wrap: (reader: ClusterReader) => ClusterReader = (reader) => reader,
): Promise<ScenarioAnswer> {
  const subject = parseSubject([settled.subject], settled.namespace);
  if (subject === undefined) {
    throw new Error(`${settled.scenario.name}: "${settled.subject}" is not a subject`);
  }
  const reader = wrap(redactedReader(cluster.question()));
  const clock = { now: () => new Date() };
  const diagnosis = await diagnose({ namespace: settled.namespace, ...subject }, { cluster: reader, playbooks, clock });
  const exit = diagnosis.verdict === 'cause' ? 1 : diagnosis.verdict === 'unknown' ? 2 : 0;
  return { diagnosis, firstLine: summaryLine(diagnosis), exit, requests: reader.requestCount() };
}

/** How an answer differs from what the scenario expects; empty when it does not. */
export function differences({ expect }: SettledScenario, answer: ScenarioAnswer): readonly string[] {
  const { primary } = answer.diagnosis;
  const code = primary?.code ?? 'none';
  return [
    ...(code === expect.code ? [] : [`the cause is ${code}, expected ${expect.code}`]),
    ...(expect.state === undefined || primary?.state === expect.state
      ? []
      : [`the state is ${primary?.state ?? 'none'}, expected ${expect.state}`]),
    ...(answer.exit === expect.exit ? [] : [`the exit code is ${answer.exit}, expected ${expect.exit}`]),
    ...expect.modifiers
      .filter((modifier) => !answer.diagnosis.modifiers.some(({ code: found }) => found === modifier))
      .map((modifier) => `${modifier} does not qualify it`),
    ...expect.firstLine
      .filter((part) => !answer.firstLine.includes(part))
      .map((part) => `the first line lacks "${part}": ${answer.firstLine}`),
  ];
}
