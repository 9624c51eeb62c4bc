import type { AccessReview } from '../../adapters/kubernetes/access-review.ts';
import type { Cluster } from '../../adapters/kubernetes/kubernetes-cluster.ts';
import type { ClusterSettings, Settings } from '../../config/settings.ts';
import { parseHealth } from '../../core/ceph/ceph-health.ts';
import { readCommand } from '../../core/ceph/command.ts';
import { changeRights, EXCESSIVE_RIGHTS } from '../../core/doctor/change-rights.ts';
import type { Check } from '../../core/doctor/check.ts';
import { executorChecks, type RunbookFact } from '../../core/doctor/executor-checks.ts';
import { neededRights } from '../../core/doctor/needed-rights.ts';
import type { Right } from '../../core/doctor/right.ts';
import { oneLine, shorten } from '../../core/facts/text.ts';
import type { CompiledPlaybook } from '../../core/playbook/compiled.ts';
import type { Logger } from '../../ports/logger.ts';
import { openRunbook } from '../bot/runbook.ts';
import { askedNamespaces } from './asked-namespaces.ts';
import { probeCluster } from './probe-cluster.ts';

/** What an account is judged by. */
export interface ExecutorProbe {
  readonly settings: Settings;
  readonly playbooks: readonly CompiledPlaybook[];
  readonly choice: ClusterSettings;
}

const DEADLINE_MS = 30_000;
const LONGEST_REASON = 200;
const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => SILENT,
};

/** Whether any rule lets somebody change something in a cluster. */
export function isChanged({ remediation }: Pick<Settings, 'remediation'>, cluster: string): boolean {
  return remediation.rules.some(({ clusters }) => clusters === undefined || clusters.includes(cluster));
}

/** Examines the account with which changes are made in a cluster, over a connection with it. */
export async function examineExecutor(cluster: Cluster, probe: ExecutorProbe): Promise<readonly Check[]> {
  const { settings, playbooks, choice } = probe;
  const { rules, runbooks } = settings.remediation;
  const { name } = choice;
  const own = choice.executor !== undefined;
  const place = runbooks.find((runbook) => runbook.cluster === name);
  const asked = askedNamespaces(settings.reading, name);
  // What the account that reads lacks is told where that one is examined.
  const reads = own ? neededRights(playbooks, asked) : [];
  const facts = await probeCluster(cluster, { name, needed: [...changeRights(rules, name, place), ...reads], asked });
  const answers = facts.kind === 'answered';
  const runbook = answers ? await probeRunbook(cluster, probe) : undefined;
  return executorChecks({
    cluster: facts,
    own,
    excess: answers && own ? await excessOf(cluster.review({ deadlineMs: DEADLINE_MS })) : [],
    ...(runbook === undefined ? {} : { runbook }),
  });
}

/** What cannot be told is not held against anybody. */
async function excessOf(review: AccessReview): Promise<readonly Right[]> {
  const answers = await Promise.all(
    EXCESSIVE_RIGHTS.map(async (right) => ({ right, answer: await review.may(right) })),
  );
  return answers.flatMap(({ right, answer }) => (answer.kind === 'known' && answer.value ? [right] : []));
}

async function probeRunbook(
  cluster: Cluster,
  { settings, choice: { name } }: ExecutorProbe,
): Promise<RunbookFact | undefined> {
  const runner = openRunbook(name, { cluster, settings, logger: SILENT });
  const command = readCommand('ceph-health');
  if (runner === undefined || command === undefined) {
    return undefined;
  }
  const { place } = runner;
  if (settings.remediation.runbooks.some((runbook) => runbook.cluster === name && runbook.place === 'job')) {
    return { kind: 'not-tried', place };
  }
  const output = await runner.run(command);
  if (output.kind === 'unknown') {
    return { kind: 'failed', place, reason: reasonOf(output.message) };
  }
  const health = output.exitCode === 0 ? parseHealth(output.stdout) : undefined;
  return health === undefined
    ? { kind: 'failed', place, reason: reasonOf(output.stderr === '' ? output.stdout : output.stderr) }
    : { kind: 'answered', place, status: shorten(oneLine(health.status), LONGEST_REASON) };
}

function reasonOf(text: string): string {
  return shorten(oneLine(text), LONGEST_REASON).replace(/\.$/, '') || 'it said nothing';
}
