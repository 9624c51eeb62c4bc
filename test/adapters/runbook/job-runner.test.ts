import { describe, expect, it } from 'vitest';
import { type JobRunnerDeps, jobRunner } from '../../../src/adapters/runbook/job-runner.ts';
import type { JsonObject } from '../../../src/core/facts/json.ts';
import type { WriteRequest, WriteResult } from '../../../src/ports/cluster-writer.ts';
import type { RunbookStep } from '../../../src/ports/runbook-runner.ts';
import { FakeCluster } from '../../fakes/fake-cluster.ts';

const SETTINGS = { namespace: 'ceph-tools', cronJob: 'rbd', timeoutMs: 2000 };
const NAME = 'kubewhy-runbook-a1b2';
const STEP: RunbookStep = { tool: 'rbd', args: ['lock', 'rm', 'rbd/vol-1', 'auto 1', 'client.1'] };
const CONTAINER = {
  name: 'rbd',
  image: 'quay.example.com/ceph:18',
  command: ['sleep', '1'],
  env: [{ name: 'CEPH_ARGS', value: '--id kubewhy' }],
};

function cronJob(more: JsonObject = {}, containers: readonly JsonObject[] = [CONTAINER]): JsonObject {
  const template = { metadata: { labels: { tool: 'rbd' } }, spec: { serviceAccountName: 'rbd', containers } };
  return {
    kind: 'CronJob',
    metadata: { name: 'rbd', namespace: 'ceph-tools' },
    spec: { suspend: true, jobTemplate: { spec: { backoffLimit: 6, template } }, ...more },
  };
}

function endedPod(exitCode: number): JsonObject {
  return {
    kind: 'Pod',
    metadata: { name: `${NAME}-x`, namespace: 'ceph-tools', labels: { 'batch.kubernetes.io/job-name': NAME } },
    spec: { nodeName: 'worker-1', containers: [CONTAINER] },
    status: { containerStatuses: [{ name: 'rbd', state: { terminated: { exitCode } } }] },
  };
}

interface World {
  readonly deps: JobRunnerDeps;
  readonly sent: WriteRequest[];
  pauses: number;
}

/** The pod of the Job appears when somebody waited `after` times. */
function world(
  options: {
    readonly template?: JsonObject | undefined;
    readonly pod?: JsonObject;
    readonly after?: number;
    readonly log?: string;
    readonly made?: WriteResult;
  } = {},
): World {
  const { template = cronJob(), pod, after = 0, log, made = { kind: 'done', status: 201, object: {} } } = options;
  const logs = log === undefined ? [] : [{ pod: `${NAME}-x`, container: 'rbd', text: log }];
  const here: World = {
    sent: [],
    pauses: 0,
    deps: {
      question: () =>
        new FakeCluster({
          namespace: 'ceph-tools',
          objects: [template, ...(pod === undefined || here.pauses < after ? [] : [pod])],
          logs,
        }),
      writer: {
        send: async (request) => {
          here.sent.push(request);
          return request.verb === 'create' ? made : { kind: 'done', status: 200, object: {} };
        },
      },
      pause: async () => {
        here.pauses += 1;
      },
      suffix: () => 'a1b2',
    },
  };
  return here;
}

describe('a step in a Job', () => {
  it('runs with the arguments of the step in the container of the template, once', async () => {
    const { deps, sent } = world({ pod: endedPod(0), log: '' });

    await jobRunner(deps, SETTINGS).run(STEP);

    expect(sent[0]).toEqual({
      verb: 'create',
      path: ['apis', 'batch', 'v1', 'namespaces', 'ceph-tools', 'jobs'],
      contentType: 'application/json',
      body: {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: {
          name: NAME,
          namespace: 'ceph-tools',
          labels: { 'app.kubernetes.io/managed-by': 'kubewhy' },
        },
        spec: {
          backoffLimit: 0,
          completions: 1,
          parallelism: 1,
          activeDeadlineSeconds: 2,
          ttlSecondsAfterFinished: 600,
          template: {
            metadata: { labels: { tool: 'rbd' } },
            spec: {
              serviceAccountName: 'rbd',
              restartPolicy: 'Never',
              containers: [{ ...CONTAINER, command: ['rbd'], args: STEP.args }],
            },
          },
        },
      },
    });
  });

  it('waits for the end of its program, reads what it said, and is removed', async () => {
    const here = world({ pod: endedPod(0), after: 2, log: '{"watchers":[]}\n' });

    const output = await jobRunner(here.deps, SETTINGS).run(STEP);

    expect(output).toEqual({ kind: 'ended', exitCode: 0, stdout: '{"watchers":[]}\n', stderr: '' });
    expect(here.pauses).toBe(2);
    expect(here.sent.map(({ verb, path }) => [verb, path.at(-1)])).toEqual([
      ['create', 'jobs'],
      ['delete', NAME],
    ]);
  });

  it('tells why the program failed', async () => {
    const { deps } = world({ pod: endedPod(2), log: 'rbd: releasing lock failed: (2) No such file or directory\n' });

    expect(await jobRunner(deps, SETTINGS).run(STEP)).toEqual({
      kind: 'ended',
      exitCode: 2,
      stdout: '',
      stderr: 'rbd: releasing lock failed: (2) No such file or directory\n',
    });
  });

  it('that does not end in time leaves its effect unknown, and is removed', async () => {
    const { deps, sent } = world();

    expect(await jobRunner(deps, SETTINGS).run(STEP)).toEqual({
      kind: 'unknown',
      message: `Job ceph-tools/${NAME} did not end within 2 s`,
    });
    expect(sent.at(-1)?.verb).toBe('delete');
  });

  it('whose output is lost leaves its effect unknown', async () => {
    const { deps } = world({ pod: endedPod(0) });

    expect(await jobRunner(deps, SETTINGS).run(STEP)).toMatchObject({
      kind: 'unknown',
      message: expect.stringContaining('it ended with 0, and its output is lost'),
    });
  });

  it('is looked for when nobody heard whether it was made', async () => {
    const { deps } = world({ pod: endedPod(0), log: '[]', made: { kind: 'unknown', message: 'reset' } });

    expect(await jobRunner(deps, SETTINGS).run(STEP)).toMatchObject({ kind: 'ended', exitCode: 0, stdout: '[]' });
  });

  it('that the API server refuses was not run', async () => {
    const made: WriteResult = { kind: 'refused', status: 403, reason: 'Forbidden', message: 'jobs is forbidden' };
    const { deps, sent } = world({ made });

    expect(await jobRunner(deps, SETTINGS).run(STEP)).toMatchObject({ exitCode: 126, stderr: 'jobs is forbidden' });
    expect(sent).toHaveLength(1);
  });

  it.each<[string, JsonObject, RegExp]>([
    [
      'there is no template',
      { kind: 'ConfigMap', metadata: { name: 'x', namespace: 'ceph-tools' } },
      /"rbd" not found/,
    ],
    ['the template runs by itself', cronJob({ suspend: false }), /is not suspended/],
    ['it has two containers', cronJob({}, [CONTAINER, { ...CONTAINER, name: 'b' }]), /exactly one container/],
    ['it has no container', cronJob({}, []), /exactly one container/],
  ])('is not made when %s', async (_what, template, reason) => {
    const { deps, sent } = world({ template });

    expect(await jobRunner(deps, SETTINGS).run(STEP)).toMatchObject({
      exitCode: 126,
      stderr: expect.stringMatching(reason),
    });
    expect(sent).toEqual([]);
  });

  it('is not made for a command that is not on the list', async () => {
    const { deps, sent } = world();

    expect(await jobRunner(deps, SETTINGS).run({ tool: 'rbd', args: ['rm', 'rbd/vol-1'] })).toMatchObject({
      exitCode: 126,
    });
    expect(sent).toEqual([]);
    expect(jobRunner(deps, SETTINGS).place).toBe('Jobs of CronJob ceph-tools/rbd');
  });
});
