import { allowedEffect } from '../../core/ceph/allowed-command.ts';
import { NOT_RUN } from '../../core/ceph/command.ts';
import { asKube, type KubePod } from '../../core/facts/kube-types.ts';
import { selectorQuery } from '../../core/facts/nodes.ts';
import { oneLine, shorten } from '../../core/facts/text.ts';
import { childOf, nameOf } from '../../core/recording/object-parts.ts';
import { resourceOf } from '../../core/subject/kinds.ts';
import type { ClusterReader } from '../../ports/cluster-reader.ts';
import type { RunbookOutput, RunbookRunner, RunbookStep } from '../../ports/runbook-runner.ts';
import { type ExecRequest, type ExecResult, execInPod } from './pod-exec.ts';
import type { Session } from './session.ts';

/** A Deployment whose pods have `rbd` and `ceph`, such as Rook's toolbox. */
export interface ToolboxSettings {
  readonly namespace: string;
  readonly deployment: string;
  readonly container?: string;
  /** Default 30 s. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 30_000;
const MOST_BYTES = 256 * 1024;
const LONGEST_MESSAGE = 300;

/** Runs steps in the oldest Ready pod of a Deployment; `question` gives a reader for one step. */
export function toolboxRunner(
  session: Session,
  question: () => ClusterReader,
  settings: ToolboxSettings,
): RunbookRunner {
  const { namespace, deployment, container, timeoutMs = TIMEOUT_MS } = settings;
  return {
    place: `toolbox ${namespace}/${deployment}`,
    async run(step: RunbookStep): Promise<RunbookOutput> {
      if (allowedEffect(step) === undefined) {
        return notRun(`${step.tool} with these arguments is not among the commands that Kubewhy runs`);
      }
      const found = await findPod(question(), settings);
      if ('problem' in found) {
        return notRun(found.problem);
      }
      const request: ExecRequest = {
        namespace,
        pod: found.pod,
        ...(container === undefined ? {} : { container }),
        command: [step.tool, ...step.args],
        timeoutMs,
        maxBytes: MOST_BYTES,
      };
      return outputOf(await execInPod(session, request));
    },
  };
}

async function findPod(
  reader: ClusterReader,
  { namespace, deployment }: ToolboxSettings,
): Promise<{ readonly pod: string } | { readonly problem: string }> {
  const found = await reader.get({ resource: resourceOf('Deployment'), namespace, name: deployment });
  if (found.kind !== 'found') {
    return { problem: found.message };
  }
  const labelSelector = selectorQuery(childOf(childOf(found.object, 'spec'), 'selector'));
  if (labelSelector === '') {
    return { problem: `Deployment ${namespace}/${deployment} selects no pods` };
  }
  const pods = await reader.list({ resource: resourceOf('Pod'), namespace, labelSelector });
  if (pods.kind === 'unreadable') {
    return { problem: pods.message };
  }
  const [oldest] = pods.objects.filter((pod) => isReady(asKube<KubePod>(pod))).toSorted(byAge);
  return oldest === undefined
    ? { problem: `Deployment ${namespace}/${deployment} has no Ready pod` }
    : { pod: nameOf(oldest).name };
}

function isReady({ metadata, status }: KubePod): boolean {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return metadata?.deletionTimestamp === undefined && ready?.status === 'True';
}

function byAge(a: object, b: object): number {
  const [left, right] = [a, b].map((pod) => (pod as KubePod).metadata?.creationTimestamp ?? '');
  return (left ?? '') < (right ?? '') ? -1 : 1;
}

function outputOf(result: ExecResult): RunbookOutput {
  return result.kind === 'refused' ? notRun(result.message) : result;
}

function notRun(why: string): RunbookOutput {
  return { kind: 'ended', exitCode: NOT_RUN, stdout: '', stderr: shorten(oneLine(why), LONGEST_MESSAGE) };
}
