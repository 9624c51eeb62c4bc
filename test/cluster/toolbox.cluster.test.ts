import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cluster, openCluster } from '../../src/adapters/kubernetes/kubernetes-cluster.ts';
import { jobRunner } from '../../src/adapters/runbook/job-runner.ts';
import type { RunbookRunner, RunbookStep } from '../../src/ports/runbook-runner.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { describeWithCluster } from './injected-cluster.ts';

const STATUS: RunbookStep = { tool: 'rbd', args: ['status', 'rbd/vol-1', '--format', 'json'] };
const REMOVE: RunbookStep = { tool: 'rbd', args: ['lock', 'rm', 'rbd/vol-1', 'auto 1', 'client.1'] };

/** A stand-in for `rbd` in a container: it shows its arguments, and finds no lock. */
const PROGRAM = `#!/bin/sh
for arg in "$@"; do printf '[%s]' "$arg"; done
[ "$1" = status ] && exit 0
echo 'rbd: releasing lock failed: (2) No such file or directory' >&2
exit 2
`;

const container = `{ name: tools, image: "busybox:1.36", imagePullPolicy: IfNotPresent, command: [sleep, "3600"],
        env: [{ name: PATH, value: "/tools:/bin" }], volumeMounts: [{ name: tools, mountPath: /tools }] }`;
const volumes = '[{ name: tools, configMap: { name: tools, defaultMode: 0755 } }]';

const manifest = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: tools }
spec:
  selector: { matchLabels: { app: tools } }
  template:
    metadata: { labels: { app: tools } }
    spec:
      terminationGracePeriodSeconds: 0
      volumes: ${volumes}
      containers:
      - ${container}
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: rbd }
spec:
  schedule: "0 0 1 1 *"
  suspend: true
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          terminationGracePeriodSeconds: 0
          volumes: ${volumes}
          containers:
          - ${container}
`;

describeWithCluster('runbook steps in a real cluster', (cluster) => {
  const namespace = `ceph-${randomInt(36 ** 4, 36 ** 5).toString(36)}`;
  let opened: Cluster | undefined;
  const reached = (): Cluster => {
    opened ??= openCluster({ kubeconfig: cluster.kubeconfig });
    return opened;
  };

  beforeAll(async () => {
    await cluster.kubectl(['create', 'namespace', namespace]);
    await cluster.kubectl(['-n', namespace, 'create', 'configmap', 'tools', `--from-literal=rbd=${PROGRAM}`]);
    await cluster.kubectl(['-n', namespace, 'wait', '--for=create', 'serviceaccount/default', '--timeout=60s']);
    await cluster.kubectl(['-n', namespace, 'apply', '-f', '-'], manifest);
    await cluster.kubectl(['-n', namespace, 'rollout', 'status', 'deployment/tools', '--timeout=120s']);
  }, 240_000);

  afterAll(async () => {
    opened?.close();
    await cluster.deleteNamespace(namespace);
  });

  const toolbox = (deployment = 'tools'): RunbookRunner => reached().toolbox({ namespace, deployment });
  let jobs = 0;
  const job = (): RunbookRunner =>
    jobRunner(
      {
        question: () => reached().question(),
        writer: reached().writer(new RecordingLogger()),
        pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
        suffix: () => {
          jobs += 1;
          return `t${jobs}`;
        },
      },
      { namespace, cronJob: 'rbd' },
    );

  test('run in the toolbox by exec, without a shell', async () => {
    expect(await toolbox().run(STATUS)).toEqual({
      kind: 'ended',
      exitCode: 0,
      stdout: '[status][rbd/vol-1][--format][json]',
      stderr: '',
    });
  });

  test('tell the exit code and what was said on both streams', async () => {
    expect(await toolbox().run(REMOVE)).toEqual({
      kind: 'ended',
      exitCode: 2,
      stdout: '[lock][rm][rbd/vol-1][auto 1][client.1]',
      stderr: 'rbd: releasing lock failed: (2) No such file or directory\n',
    });
  });

  test('are certainly not run where there is no toolbox', async () => {
    expect(await toolbox('none').run(STATUS)).toMatchObject({
      exitCode: 126,
      stderr: expect.stringContaining('not found'),
    });
  });

  test('run in a Job from the template of a suspended CronJob, which is removed afterwards', async () => {
    const read = await job().run(STATUS);
    const failed = await job().run(REMOVE);

    expect(read).toEqual({ kind: 'ended', exitCode: 0, stdout: '[status][rbd/vol-1][--format][json]', stderr: '' });
    expect(failed).toMatchObject({ kind: 'ended', exitCode: 2, stderr: expect.stringContaining('[auto 1]') });
    const left = await cluster.kubectl([
      '-n',
      namespace,
      'get',
      'jobs',
      '-o',
      'jsonpath={.items[?(@.metadata.deletionTimestamp=="")].metadata.name}',
    ]);
    expect(left).toBe('');
  });
});
