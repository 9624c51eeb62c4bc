import { allowedEffect } from '../../core/ceph/allowed-command.ts';
import { NOT_RUN } from '../../core/ceph/command.ts';
import type { JsonObject } from '../../core/facts/json.ts';
import { oneLine, shorten } from '../../core/facts/text.ts';
import { childOf, childrenOf, textAt } from '../../core/recording/object-parts.ts';
import { resourceOf } from '../../core/subject/kinds.ts';
import type { ClusterReader } from '../../ports/cluster-reader.ts';
import type { ClusterWriter } from '../../ports/cluster-writer.ts';
import type { RunbookOutput, RunbookRunner, RunbookStep } from '../../ports/runbook-runner.ts';

/** A suspended CronJob whose template was approved for runbook steps. */
export interface JobRunnerSettings {
  readonly namespace: string;
  readonly cronJob: string;
  /** From the creation of the Job to the end of its program; default 120 s. */
  readonly timeoutMs?: number;
}

/** What a job runner works with. */
export interface JobRunnerDeps {
  /** A reader for one step. */
  readonly question: () => ClusterReader;
  readonly writer: Pick<ClusterWriter, 'send'>;
  readonly pause: (ms: number) => Promise<void>;
  /** Letters and digits that no other Job has in its name. */
  readonly suffix: () => string;
}

const TIMEOUT_MS = 120_000;
const BETWEEN_LOOKS_MS = 500;
const LONGEST_MESSAGE = 300;
/** Who reads the log of a Job that could not be deleted has this long. */
const KEPT_SECONDS = 600;

/**
 * Runs each step in a Job of its own, made from the template of a suspended CronJob: its first container runs the program
 * with the arguments of the step instead of what the template says. The identity comes from the template (CEPH_ARGS).
 */
export function jobRunner(deps: JobRunnerDeps, settings: JobRunnerSettings): RunbookRunner {
  const { namespace, cronJob } = settings;
  return {
    place: `Jobs of CronJob ${namespace}/${cronJob}`,
    run: async (step) => {
      if (allowedEffect(step) === undefined) {
        return notRun(`${step.tool} with these arguments is not among the commands that Kubewhy runs`);
      }
      const template = await readTemplate(deps.question(), settings);
      return 'problem' in template ? notRun(template.problem) : runJob(step, template, { deps, settings });
    },
  };
}

interface Running {
  readonly deps: JobRunnerDeps;
  readonly settings: JobRunnerSettings;
}

async function readTemplate(
  reader: ClusterReader,
  { namespace, cronJob }: JobRunnerSettings,
): Promise<{ readonly spec: JsonObject; readonly container: JsonObject } | { readonly problem: string }> {
  const title = `CronJob ${namespace}/${cronJob}`;
  const found = await reader.get({ resource: resourceOf('CronJob'), namespace, name: cronJob });
  if (found.kind !== 'found') {
    return { problem: found.message };
  }
  const spec = childOf(found.object, 'spec');
  const jobSpec = childOf(childOf(spec, 'jobTemplate'), 'spec');
  const [container, ...more] = childrenOf(childOf(childOf(jobSpec, 'template'), 'spec'), 'containers');
  if (spec['suspend'] !== true) {
    return { problem: `${title} is not suspended, so it is no template for runbook steps` };
  }
  return container === undefined || more.length > 0
    ? { problem: `${title} must have exactly one container` }
    : { spec: jobSpec, container };
}

async function runJob(
  step: RunbookStep,
  template: { readonly spec: JsonObject; readonly container: JsonObject },
  running: Running,
): Promise<RunbookOutput> {
  const { deps, settings } = running;
  const name = `kubewhy-runbook-${deps.suffix()}`;
  const made = await deps.writer.send(
    {
      verb: 'create',
      path: ['apis', 'batch', 'v1', 'namespaces', settings.namespace, 'jobs'],
      contentType: 'application/json',
      body: jobOf(name, step, template, settings),
    },
    { dryRun: false, remediation: name },
  );
  if (made.kind === 'refused') {
    return notRun(made.message);
  }
  // A Job that may have been made is looked for as well: its output says more than the lost answer.
  const output = await waitForEnd(name, running);
  await removeJob(name, running);
  return output;
}

function jobOf(
  name: string,
  { tool, args }: RunbookStep,
  { spec, container }: { readonly spec: JsonObject; readonly container: JsonObject },
  { namespace, timeoutMs = TIMEOUT_MS }: JobRunnerSettings,
): JsonObject {
  const template = childOf(spec, 'template');
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace, labels: { 'app.kubernetes.io/managed-by': 'kubewhy' } },
    spec: {
      ...spec,
      backoffLimit: 0,
      completions: 1,
      parallelism: 1,
      activeDeadlineSeconds: Math.ceil(timeoutMs / 1000),
      ttlSecondsAfterFinished: KEPT_SECONDS,
      template: {
        ...template,
        spec: {
          ...childOf(template, 'spec'),
          restartPolicy: 'Never',
          containers: [{ ...container, command: [tool], args: [...args] }],
        },
      },
    },
  };
}

async function waitForEnd(name: string, { deps, settings }: Running): Promise<RunbookOutput> {
  const { namespace, timeoutMs = TIMEOUT_MS } = settings;
  for (let waited = 0; waited <= timeoutMs; waited += BETWEEN_LOOKS_MS) {
    const reader = deps.question();
    const pods = await reader.list({
      resource: resourceOf('Pod'),
      namespace,
      labelSelector: `batch.kubernetes.io/job-name=${name}`,
    });
    const [pod] = pods.kind === 'found' ? pods.objects : [];
    const ended = pod === undefined ? undefined : await outputOf(pod, reader, namespace);
    if (ended !== undefined) {
      return ended;
    }
    await deps.pause(BETWEEN_LOOKS_MS);
  }
  return { kind: 'unknown', message: `Job ${namespace}/${name} did not end within ${timeoutMs / 1000} s` };
}

/** What the pod's program did; undefined while it runs. Its log has both streams in one. */
async function outputOf(pod: JsonObject, reader: ClusterReader, namespace: string): Promise<RunbookOutput | undefined> {
  const [status] = childrenOf(childOf(pod, 'status'), 'containerStatuses');
  const { exitCode } = childOf(childOf(status ?? {}, 'state'), 'terminated');
  if (status === undefined || typeof exitCode !== 'number') {
    return undefined;
  }
  const name = textAt(childOf(pod, 'metadata'), 'name');
  const log = await reader.logs({ namespace, pod: name, container: textAt(status, 'name') });
  if (log.kind !== 'found') {
    return { kind: 'unknown', message: `it ended with ${exitCode}, and its output is lost: ${log.message}` };
  }
  return exitCode === 0
    ? { kind: 'ended', exitCode, stdout: log.text, stderr: '' }
    : { kind: 'ended', exitCode, stdout: '', stderr: log.text };
}

/** What cannot be deleted now deletes itself after a while. */
async function removeJob(name: string, { deps, settings }: Running): Promise<void> {
  await deps.writer.send(
    {
      verb: 'delete',
      path: ['apis', 'batch', 'v1', 'namespaces', settings.namespace, 'jobs', name],
      contentType: 'application/json',
      body: { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Background' },
    },
    { dryRun: false, remediation: name },
  );
}

function notRun(why: string): RunbookOutput {
  return { kind: 'ended', exitCode: NOT_RUN, stdout: '', stderr: shorten(oneLine(why), LONGEST_MESSAGE) };
}
