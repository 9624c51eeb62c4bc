import { describe, expect, it } from 'vitest';
import type { ContainerFact } from '../../../src/core/facts/containers.ts';
import type { KubeContainerState } from '../../../src/core/facts/kube-types.ts';
import {
  ago,
  type ContainerPlan,
  type EventPlan,
  ended,
  factsOf,
  type PodPlan,
  running,
  waiting,
} from './pod-builder.ts';

function only(plan: ContainerPlan, pod: PodPlan = {}, events: readonly EventPlan[] = []): ContainerFact | undefined {
  return factsOf({ ...pod, containers: { web: plan } }, events).containers[0];
}

const crashLoop = (message: string): KubeContainerState => ({ waiting: { reason: 'CrashLoopBackOff', message } });

describe('a container', () => {
  it('carries its spec, its runs, its events and its texts', () => {
    const message = 'back-off 1m20s restarting failed container=web pod=web-0_shop(uid-1)';
    const last = { terminated: { ...ended(139, 30, 12).terminated, message: ' core\n dumped ' } };

    const fact = only({ run: crashLoop(message), last, restarts: 4 }, { ready: false }, [
      { reason: 'BackOff', message: 'Back-off restarting', container: 'web', seconds: 10, count: 7 },
      { reason: 'Pulled', message: 'other', container: 'side' },
      { reason: 'Scheduled', message: 'whole pod' },
    ]);

    const death = {
      state: 'terminated',
      reason: 'Error',
      exitCode: 139,
      signal: 11,
      message: 'core dumped',
      lines: [' core', ' dumped '],
      startedAt: ago(42),
      finishedAt: ago(30),
      seconds: 12,
    };
    expect(fact).toEqual({
      name: 'web',
      kind: 'container',
      index: 0,
      image: 'lab/web:1',
      spec: { name: 'web', image: 'lab/web:1' },
      now: { state: 'waiting', reason: 'CrashLoopBackOff', message },
      last: death,
      death,
      restarts: 4,
      ready: false,
      started: false,
      failing: true,
      unstable: true,
      witnessed: true,
      events: [
        {
          type: 'Warning',
          reason: 'BackOff',
          message: 'Back-off restarting',
          count: 7,
          first: ago(10),
          last: ago(10),
          ageSeconds: 10,
          container: 'web',
          component: '',
          object: { kind: 'Pod', name: 'web-0', uid: 'uid-1' },
        },
      ],
      texts: [message, 'core dumped', 'Back-off restarting'],
      backoff: { seconds: 80, next: ago(-50), secondsLeft: 50, estimated: false },
    });
  });

  it('stands in start order and knows its kind', () => {
    const { containers } = factsOf({
      init: {
        a: { run: ended(0, 9) },
        proxy: running(9, { spec: { restartPolicy: 'Always' } }),
        b: { run: ended(0, 8) },
      },
      containers: { web: running(5), side: running(5) },
    });

    expect(containers.map(({ name, kind, index }) => [name, kind, index])).toEqual([
      ['a', 'init', 0],
      ['proxy', 'sidecar', 1],
      ['b', 'init', 2],
      ['web', 'container', 0],
      ['side', 'container', 1],
    ]);
  });

  it('has no runs before the kubelet wrote a status', () => {
    const [fact] = factsOf({ scheduled: 'unknown', containers: { web: {} } }).containers;

    expect(fact).toMatchObject({ now: { state: 'none' }, last: { state: 'none' }, failing: false, restarts: 0 });
  });

  it('does not repeat a text', () => {
    const run = { waiting: { reason: 'ErrImagePull', message: 'no such image' } };

    const fact = only({ run }, {}, [{ reason: 'Failed', message: 'no  such image', container: 'web' }]);

    expect(fact?.texts).toEqual(['no such image']);
  });
});

describe('the end of a run', () => {
  it.each([
    ['exit 0', { exitCode: 0 }, undefined],
    ['exit 1', { exitCode: 1 }, undefined],
    ['exit 128, a start error', { exitCode: 128 }, undefined],
    ['exit 137', { exitCode: 137 }, 9],
    ['exit 143', { exitCode: 143 }, 15],
    ['exit 255', { exitCode: 255 }, undefined],
    ['a signal that was told', { exitCode: 1, signal: 6 }, 6],
  ])('%s', (_, terminated, signal) => {
    expect(only({ run: { terminated } })?.now.signal).toBe(signal);
  });

  it('has no length when the container never started', () => {
    const terminated = { exitCode: 128, reason: 'StartError', startedAt: '1970-01-01T00:00:00Z', finishedAt: ago(3) };

    const fact = only({ run: { terminated } });

    expect(fact?.now).toEqual({
      state: 'terminated',
      reason: 'StartError',
      exitCode: 128,
      finishedAt: ago(3),
    });
  });

  it('prefers the newest end', () => {
    const fact = only({ run: ended(2, 5), last: ended(1, 60) });

    expect([fact?.death.exitCode, fact?.last.exitCode]).toEqual([2, 1]);
  });
});

describe('whether a container fails', () => {
  const never = { spec: { restartPolicy: 'Never' } };
  const onFailure = { spec: { restartPolicy: 'OnFailure' } };

  it.each<[string, ContainerPlan, PodPlan, boolean]>([
    ['waits for its turn', waiting('PodInitializing'), {}, false],
    ['is being created', waiting('ContainerCreating'), {}, false],
    ['waits without a word', { run: { waiting: {} } }, {}, false],
    ['cannot be pulled', waiting('ImagePullBackOff'), {}, true],
    ['runs and is ready', running(), {}, false],
    ['runs and is not ready', running(9, { ready: false }), {}, true],
    ['exit 0 under Always', { run: ended(0, 5) }, {}, true],
    ['exit 0 under Never', { run: ended(0, 5) }, never, false],
    ['exit 0 under OnFailure', { run: ended(0, 5) }, onFailure, false],
    ['exit 1 under Never', { run: ended(1, 5) }, never, true],
    ['exit 1 under OnFailure', { run: ended(1, 5) }, onFailure, true],
    ['ready between crashes', running(5, { restarts: 2, last: ended(1, 15) }), {}, true],
    ['ready after one crash', running(5, { restarts: 1, last: ended(1, 15) }), {}, false],
    ['ready for ten minutes after the last crash', running(601, { restarts: 9, last: ended(1, 601) }), {}, false],
    ['done at last under OnFailure', { run: ended(0, 5), last: ended(1, 15), restarts: 3 }, onFailure, false],
  ])('%s', (_, plan, pod, expected) => {
    expect(only(plan, pod)?.failing).toBe(expected);
  });
});

describe('whether a container ends again and again', () => {
  const notStarted = (endedAgo: number) => ({
    terminated: {
      exitCode: 128,
      reason: 'StartError',
      startedAt: '1970-01-01T00:00:00Z',
      finishedAt: ago(endedAgo),
    },
  });

  it.each<[string, ContainerPlan, boolean]>([
    ['ran for a moment before and runs for a moment now', running(30, { last: ended(1, 60, 1), restarts: 4 }), true],
    ['runs much longer than before', running(90, { last: ended(1, 100, 1), restarts: 4 }), false],
    ['has not yet lived as long as before', running(200, { last: ended(1, 220, 100), restarts: 4 }), true],
    ['ended only once', running(30, { last: ended(1, 60, 1), restarts: 1 }), false],
    ['ended once, then could not be started once', running(30, { last: notStarted(40), restarts: 2 }), false],
    ['ended twice, then could not be started once', running(30, { last: notStarted(40), restarts: 3 }), true],
  ])('%s', (_name, plan, unstable) => {
    const [fact] = factsOf({ containers: { web: plan } }).containers;

    expect(fact?.unstable).toBe(unstable);
  });
});

describe('the delay of a restart', () => {
  const failed = { phase: 'Failed', spec: { restartPolicy: 'Never' } };

  it.each<[string, ContainerPlan, PodPlan, ContainerFact['backoff']]>([
    [
      'as the kubelet says it',
      { run: crashLoop('back-off 5m0s restarting failed container=web'), last: ended(1, 100), restarts: 9 },
      {},
      { seconds: 300, next: ago(-200), secondsLeft: 200, estimated: false },
    ],
    [
      'estimated without a message',
      { run: { waiting: { reason: 'CrashLoopBackOff' } }, last: ended(1, 100), restarts: 2 },
      {},
      { seconds: 20, next: ago(80), secondsLeft: 0, estimated: true },
    ],
    [
      'none before the first restart',
      { run: ended(1, 0) },
      {},
      { seconds: 0, next: ago(0), secondsLeft: 0, estimated: true },
    ],
    [
      'estimated while the end is shown',
      { run: ended(1, 4), restarts: 3 },
      {},
      { seconds: 40, next: ago(-36), secondsLeft: 36, estimated: true },
    ],
    ['absent while it runs', running(5, { last: ended(1, 9), restarts: 5 }), {}, undefined],
    ['absent while the image is pulled', waiting('ErrImagePull', { last: ended(1, 9) }), {}, undefined],
    ['absent when it is not started again', { run: ended(1, 5) }, failed, undefined],
    ['absent when it is done', { run: ended(0, 5) }, { spec: { restartPolicy: 'OnFailure' } }, undefined],
    ['absent when its end is not known', { run: crashLoop('') }, {}, undefined],
  ])('%s', (_, plan, pod, expected) => {
    expect(only(plan, pod)?.backoff).toEqual(expected);
  });

  it('is absent for an init container that is done', () => {
    const { containers } = factsOf({ init: { wait: { run: ended(0, 5) } } });

    expect(containers[0]?.backoff).toBeUndefined();
  });
});
