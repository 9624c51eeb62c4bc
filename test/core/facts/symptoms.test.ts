import { describe, expect, it } from 'vitest';
import { podFacts } from '../../../src/core/facts/pod-facts.ts';
import type { PodState } from '../../../src/core/facts/symptoms.ts';
import { ago, type EventPlan, ended, factsOf, type PodPlan, running, waiting } from './pod-builder.ts';

interface Case {
  readonly title: string;
  readonly plan: PodPlan;
  readonly events?: readonly EventPlan[];
  readonly verdict: PodState['verdict'];
  readonly status: string;
}

const crashed = { waiting: { reason: 'CrashLoopBackOff' } };
const starting = { run: { running: { startedAt: ago(20) } }, ready: false };
const probed = { readinessProbe: { periodSeconds: 10, failureThreshold: 3 } };
const unhealthy = { reason: 'Unhealthy', message: 'Readiness probe failed: connection refused', container: 'web' };

const works: readonly Case[] = [
  { title: 'a pod that runs', plan: {}, verdict: 'healthy', status: 'Running' },
  {
    title: 'one restart a minute ago',
    plan: { containers: { web: running(58, { restarts: 1, last: ended(1, 60) }) } },
    verdict: 'healthy',
    status: 'Running',
  },
  {
    title: 'many restarts, the last one eleven minutes ago',
    plan: { containers: { web: running(655, { restarts: 40, last: ended(1, 660) }) } },
    verdict: 'healthy',
    status: 'Running',
  },
  {
    title: 'a restart after weeks, not the first in its life',
    plan: { containers: { web: running(55, { restarts: 3, last: ended(255, 60, 1_000_000, 'Unknown') }) } },
    verdict: 'healthy',
    status: 'Running',
  },
  {
    title: 'an init container that failed several times and then did it',
    plan: { init: { wait: { run: ended(0, 60), restarts: 4 } }, containers: { web: running(58) } },
    verdict: 'healthy',
    status: 'Running',
  },
  {
    title: 'old warnings',
    plan: {},
    events: [{ reason: 'FailedMount', seconds: 60 }],
    verdict: 'healthy',
    status: 'Running',
  },
  {
    title: 'readiness gates met',
    plan: { spec: { readinessGates: [{ conditionType: 'lb' }] }, ready: true },
    verdict: 'healthy',
    status: 'Running',
  },
  {
    title: 'a Job pod of which one container is done and the other works',
    plan: {
      spec: { restartPolicy: 'Never' },
      ready: false,
      containers: { copy: { run: ended(0, 900) }, work: running() },
    },
    verdict: 'healthy',
    status: 'Running',
  },
  {
    title: 'a pod that ended well',
    plan: { phase: 'Succeeded', ready: false },
    verdict: 'finished',
    status: 'Completed',
  },
  {
    title: 'a delete within its grace period',
    plan: { deletedAt: ago(-20) },
    verdict: 'stopping',
    status: 'Terminating',
  },
  { title: 'a delete a little late', plan: { deletedAt: ago(25) }, verdict: 'stopping', status: 'Terminating' },
];

const starts: readonly Case[] = [
  {
    title: 'ContainerCreating for 5 s',
    plan: { age: 5, phase: 'Pending', containers: { web: waiting('ContainerCreating') } },
    verdict: 'starting',
    status: 'ContainerCreating',
  },
  {
    title: 'scheduled at last after a FailedScheduling',
    plan: { age: 500, readySince: 5, phase: 'Pending', containers: { web: waiting('ContainerCreating') } },
    events: [{ reason: 'FailedScheduling', message: '0/3 nodes are available', seconds: 30 }],
    verdict: 'starting',
    status: 'ContainerCreating',
  },
  {
    title: 'an init container at work',
    plan: {
      age: 30,
      phase: 'Pending',
      init: { a: { run: ended(0, 20) }, b: { run: { running: { startedAt: ago(20) } } } },
      containers: { web: waiting('PodInitializing') },
    },
    verdict: 'starting',
    status: 'Init:1/2',
  },
  {
    title: 'not ready yet',
    plan: { age: 30, containers: { web: starting } },
    verdict: 'starting',
    status: 'Running, 0/1 ready',
  },
  {
    title: 'a readiness probe that fails fewer times than its threshold',
    plan: { age: 30, containers: { web: { ...starting, spec: probed } } },
    events: [unhealthy],
    verdict: 'starting',
    status: 'Running, 0/1 ready',
  },
  {
    title: 'a slow program whose startup probe allows ten minutes',
    plan: {
      age: 300,
      containers: {
        web: {
          run: { running: { startedAt: ago(290) } },
          started: false,
          spec: { startupProbe: { periodSeconds: 10, failureThreshold: 60 } },
        },
      },
    },
    events: [{ reason: 'Unhealthy', message: 'Startup probe failed: refused', container: 'web' }],
    verdict: 'starting',
    status: 'Running, 0/1 ready',
  },
  {
    title: 'a warning that was overcome before the container started',
    plan: { age: 60, containers: { web: starting } },
    events: [{ reason: 'FailedMount', seconds: 40 }],
    verdict: 'starting',
    status: 'Running, 0/1 ready',
  },
  {
    title: 'not looked at by the scheduler for 5 s',
    plan: { age: 5, phase: 'Pending', scheduled: 'unknown' },
    verdict: 'starting',
    status: 'Pending (not scheduled)',
  },
];

const fails: readonly Case[] = [
  {
    title: 'ContainerCreating for 120 s',
    plan: { age: 120, phase: 'Pending', containers: { web: waiting('ContainerCreating') } },
    verdict: 'trouble',
    status: 'ContainerCreating',
  },
  {
    title: 'ContainerCreating with a warning',
    plan: { age: 20, phase: 'Pending', containers: { web: waiting('ContainerCreating') } },
    events: [{ reason: 'FailedMount' }],
    verdict: 'trouble',
    status: 'ContainerCreating',
  },
  {
    title: 'Ready between two crashes',
    plan: { containers: { web: running(5, { restarts: 2, last: ended(1, 15) }) } },
    verdict: 'trouble',
    status: 'Running, restarted 2 times',
  },
  {
    title: 'a crash loop',
    plan: { containers: { web: { run: crashed, restarts: 9, last: ended(1, 100) } } },
    verdict: 'trouble',
    status: 'CrashLoopBackOff',
  },
  {
    title: 'a crash beside a container that is only not ready yet',
    plan: { age: 30, containers: { slow: starting, web: { run: crashed, restarts: 1, last: ended(1, 5) } } },
    verdict: 'trouble',
    status: 'CrashLoopBackOff',
  },
  {
    title: 'exit 0 of a container that should run for ever',
    plan: { age: 30, containers: { web: { run: ended(0, 2) } } },
    verdict: 'trouble',
    status: 'Completed',
  },
  {
    title: 'a sidecar that ended',
    plan: {
      init: { proxy: { spec: { restartPolicy: 'Always' }, run: ended(0, 2) } },
      containers: { web: running() },
      ready: false,
    },
    verdict: 'trouble',
    status: 'Completed',
  },
  {
    title: 'an init container that fails',
    plan: {
      age: 30,
      phase: 'Pending',
      init: { wait: { run: crashed, restarts: 2, last: ended(1, 5) } },
      containers: { web: waiting('PodInitializing') },
    },
    verdict: 'trouble',
    status: 'Init:CrashLoopBackOff',
  },
  {
    title: 'an init container that runs for long',
    plan: {
      age: 600,
      phase: 'Pending',
      init: { wait: { run: { running: { startedAt: ago(590) } } } },
      containers: { web: waiting('PodInitializing') },
    },
    verdict: 'trouble',
    status: 'Init:0/1',
  },
  {
    title: 'a readiness probe that failed for longer than its threshold',
    plan: {
      age: 60,
      containers: { web: { run: { running: { startedAt: ago(50) } }, spec: probed } },
    },
    events: [unhealthy],
    verdict: 'trouble',
    status: 'Running, 0/1 ready',
  },
  {
    title: 'a liveness probe that fails',
    plan: { age: 30, containers: { web: starting } },
    events: [{ ...unhealthy, message: 'Liveness probe failed: HTTP 500' }],
    verdict: 'trouble',
    status: 'Running, 0/1 ready',
  },
  {
    title: 'a restart by the liveness probe a moment ago',
    plan: { age: 60, containers: { web: { ...starting, restarts: 1, last: ended(137, 21, 30) } } },
    events: [{ ...unhealthy, message: 'Liveness probe failed: HTTP 500', seconds: 25 }],
    verdict: 'trouble',
    status: 'Running, 0/1 ready',
  },
  {
    title: 'a startup probe that fails in the second run as well',
    plan: {
      age: 80,
      containers: {
        web: { ...starting, started: false, restarts: 1, spec: { startupProbe: { failureThreshold: 60 } } },
      },
    },
    events: [{ ...unhealthy, message: 'Startup probe failed: refused' }],
    verdict: 'trouble',
    status: 'Running, 0/1 ready',
  },
  {
    title: 'a pod that was ready until a moment ago',
    plan: { readySince: 10, containers: { web: running(3600, { ready: false }) } },
    verdict: 'trouble',
    status: 'Running, 0/1 ready',
  },
  {
    title: 'a pod whose node went away a moment ago',
    plan: { readySince: 10, ready: false },
    verdict: 'trouble',
    status: 'Running, 1/1 ready',
  },
  {
    title: 'readiness gates not met for long',
    plan: { age: 600, ready: false, containers: { web: running(590) } },
    verdict: 'trouble',
    status: 'Running, 1/1 ready',
  },
  {
    title: 'unschedulable',
    plan: { age: 3, phase: 'Pending', scheduled: { reason: 'Unschedulable' } },
    verdict: 'trouble',
    status: 'Pending (Unschedulable)',
  },
  {
    title: 'held back by a gate',
    plan: { phase: 'Pending', scheduled: { reason: 'SchedulingGated' } },
    verdict: 'trouble',
    status: 'Pending (SchedulingGated)',
  },
  {
    title: 'not looked at by the scheduler for a minute',
    plan: { age: 60, phase: 'Pending', scheduled: 'unknown' },
    verdict: 'trouble',
    status: 'Pending (not scheduled)',
  },
  {
    title: 'evicted',
    plan: { phase: 'Failed', reason: 'Evicted', containers: {} },
    verdict: 'trouble',
    status: 'Evicted',
  },
  {
    title: 'a Job pod that failed',
    plan: {
      phase: 'Failed',
      spec: { restartPolicy: 'Never' },
      containers: { web: { run: ended(137, 60, 5, 'OOMKilled') } },
    },
    verdict: 'trouble',
    status: 'OOMKilled',
  },
  {
    title: 'a failed container of a Job pod beside one that works',
    plan: {
      spec: { restartPolicy: 'Never' },
      containers: { copy: { run: ended(1, 60) }, work: running() },
    },
    verdict: 'trouble',
    status: 'Error',
  },
  { title: 'a delete that hangs', plan: { deletedAt: ago(31) }, verdict: 'trouble', status: 'Terminating' },
  {
    title: 'phase Unknown',
    plan: { phase: 'Unknown', ready: false, readySince: 300 },
    verdict: 'trouble',
    status: 'Unknown, 1/1 ready',
  },
];

describe.each([
  ['works', works],
  ['starts', starts],
  ['fails', fails],
])('a pod that %s', (_, cases) => {
  it.each([...cases])('$title', ({ plan, events = [], verdict, status }) => {
    const { state } = factsOf(plan, events);

    expect({ verdict: state.verdict, status: state.status }).toEqual({ verdict, status });
  });
});

describe('the state of a pod', () => {
  it('says everything about a crash loop', () => {
    const { state } = factsOf({
      age: 600,
      readySince: 400,
      containers: { web: { run: crashed, restarts: 9, last: ended(1, 100) } },
    });

    expect(state).toEqual({
      verdict: 'trouble',
      status: 'CrashLoopBackOff',
      since: ago(400),
      scheduled: true,
      ready: false,
      ageSeconds: 600,
      overdueSeconds: 0,
      accepted: true,
      neverStarted: false,
    });
  });

  it.each([
    ['a container that waits', { web: waiting('ContainerCreating') }, true],
    ['a container that runs', { web: running() }, false],
    ['a container that ran', { web: { run: crashed, last: ended(1, 100) } }, false],
    ['one of two that ran', { web: running(), other: waiting('ErrImagePull') }, false],
  ])('knows whether anything ever ran: %s', (_, containers, expected) => {
    expect(factsOf({ containers, ready: false }).state.neverStarted).toBe(expected);
  });

  it('counts the seconds past the grace period and its slack', () => {
    expect(factsOf({ deletedAt: ago(130) }).state).toMatchObject({ overdueSeconds: 100, since: ago(130) });
  });
});

describe('trouble that is over', () => {
  it('names restarts and the newest warnings', () => {
    const { past } = factsOf(
      {
        containers: {
          web: running(100, { restarts: 1, last: ended(137, 3720, 5, 'OOMKilled') }),
          side: running(100, { restarts: 3, last: { terminated: { exitCode: 2 } } }),
        },
      },
      [
        { reason: 'Old', seconds: 900, message: 'd' },
        { reason: 'C', seconds: 90, message: 'c' },
        { reason: 'B', seconds: 60, message: 'b' },
        { reason: 'Pulled', type: 'Normal', seconds: 1 },
        { reason: 'A', seconds: 30, message: 'a' },
      ],
    );

    expect(past).toEqual([
      'container web was restarted once, last 1 h 2 m ago (OOMKilled, exit code 137)',
      'container side was restarted 3 times, last at an unknown time (ended, exit code 2)',
      'event A, last 30 s ago: a',
      'event B, last 1 m ago: b',
      'event C, last 1 m 30 s ago: c',
    ]);
  });
});

describe('a pod on a node whose kubelet has not taken it up', () => {
  const now = '2026-03-02T10:00:20Z';
  const bare = (created: string, conditions: readonly { readonly [field: string]: string }[] = []) =>
    podFacts(
      {
        metadata: { name: 'web', creationTimestamp: created },
        spec: { nodeName: 'n', containers: [{ name: 'web' }] },
        status: { phase: 'Pending', conditions: [...conditions] },
      },
      [],
      now,
    ).state;
  const bound = [{ type: 'PodScheduled', status: 'True', lastTransitionTime: '2026-03-02T10:00:10Z' }];

  it.each([
    ['named by hand, just now', bare('2026-03-02T10:00:17Z'), 'starting'],
    ['named by hand', bare('2026-03-02T10:00:10Z'), 'trouble'],
    ['scheduled just now', bare('2026-03-02T09:00:00Z', bound), 'starting'],
    ['scheduled long ago', bare('2026-03-02T09:00:00Z', [{ type: 'PodScheduled', status: 'True' }]), 'trouble'],
  ])('%s', (_title, state, verdict) => {
    expect(state).toMatchObject({ accepted: false, verdict, status: 'Pending (not taken up by its node)' });
  });
});
