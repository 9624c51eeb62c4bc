import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/facts/json.ts';
import { addSeconds } from '../../../src/core/facts/time.ts';
import { podTrouble } from '../../../src/core/triage/pod-trouble.ts';

const START = '2026-01-31T12:00:00Z';
const at = (seconds: number): string => addSeconds(START, seconds) ?? '';

interface Parts {
  readonly phase?: string;
  readonly node?: string;
  readonly init?: readonly JsonObject[];
  readonly containers?: readonly JsonObject[];
  readonly conditions?: readonly JsonObject[];
  readonly metadata?: JsonObject;
  readonly restartPolicy?: string;
}

function pod(parts: Parts): JsonObject {
  const names = (statuses: readonly JsonObject[]): JsonObject[] => statuses.map(({ name }) => ({ name, image: 'x:1' }));
  const { init = [], containers = [{ name: 'app', state: {} }] } = parts;
  return {
    metadata: { name: 'web', namespace: 'shop', uid: 'u', creationTimestamp: START, ...parts.metadata },
    spec: {
      nodeName: parts.node ?? 'node-1',
      initContainers: names(init),
      containers: names(containers),
      restartPolicy: parts.restartPolicy ?? 'Always',
    },
    status: {
      phase: parts.phase ?? 'Pending',
      startTime: at(1),
      conditions: parts.conditions ?? [
        { type: 'PodScheduled', status: 'True', lastTransitionTime: at(1) },
        { type: 'Ready', status: 'False', lastTransitionTime: at(1) },
      ],
      initContainerStatuses: init,
      containerStatuses: containers,
    },
  };
}

const waiting = (reason: string, rest: JsonObject = {}): JsonObject => ({
  name: 'app',
  state: { waiting: { reason } },
  ...rest,
});
const ended = (from: number, to: number, exitCode = 1): JsonObject => ({
  terminated: { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', startedAt: at(from), finishedAt: at(to) },
});
const running = (from: number, rest: JsonObject = {}): JsonObject => ({
  name: 'app',
  state: { running: { startedAt: at(from) } },
  ready: true,
  started: true,
  ...rest,
});

describe('a pod without trouble', () => {
  it.each([
    ['runs', pod({ phase: 'Running', containers: [running(5)] })],
    [
      'ran once before',
      pod({ phase: 'Running', containers: [running(9, { restartCount: 1, lastState: ended(5, 8) })] }),
    ],
    ['is done', pod({ phase: 'Succeeded', containers: [{ name: 'app', state: ended(5, 8, 0) }] })],
    [
      'has failed for good, as pods of Jobs do',
      pod({ phase: 'Failed', containers: [{ name: 'app', state: ended(5, 8) }] }),
    ],
    [
      'is held back on purpose',
      pod({
        node: '',
        conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated', lastTransitionTime: at(0) }],
      }),
    ],
    [
      'waits while its init container runs',
      pod({
        init: [{ name: 'setup', state: { running: { startedAt: at(3) } } }],
        containers: [waiting('PodInitializing')],
      }),
    ],
    ['is not ready', pod({ phase: 'Running', containers: [running(5, { ready: false })] })],
    [
      'has got over its restarts',
      pod({ phase: 'Running', containers: [running(100, { restartCount: 4, lastState: ended(80, 90) })] }),
    ],
    [
      'is restarted now and then after long runs',
      pod({ phase: 'Running', containers: [running(2000, { restartCount: 3, lastState: ended(1000, 1990) })] }),
    ],
  ])('%s', (_title, object) => {
    const trouble = podTrouble(object, at(2010));

    expect(trouble).toBeUndefined();
  });
});

describe('a crash loop', () => {
  const loop = (seconds: number, container: JsonObject): unknown =>
    podTrouble(pod({ phase: 'Running', containers: [container] }), at(seconds));

  it('is the same while back-off, run and end take turns', () => {
    const states = [
      loop(40, waiting('CrashLoopBackOff', { restartCount: 2, lastState: ended(30, 33) })),
      loop(60, running(58, { restartCount: 3, lastState: ended(30, 33) })),
      loop(62, { name: 'app', state: ended(58, 61), restartCount: 3, lastState: ended(30, 33) }),
      loop(70, waiting('CrashLoopBackOff', { restartCount: 3, lastState: ended(58, 61) })),
    ];

    expect(states).toMatchObject(
      [2, 3, 3, 3].map((restarts) => ({ kind: 'crash-loop', container: 'app', restarts, since: at(1) })),
    );
  });

  it('that begins late begins with its newest end', () => {
    const day = 86_400;

    const trouble = loop(day + 20, waiting('CrashLoopBackOff', { restartCount: 2, lastState: ended(day, day + 10) }));

    expect(trouble).toEqual({
      kind: 'crash-loop',
      container: 'app',
      status: 'CrashLoopBackOff',
      restarts: 2,
      since: at(day + 10),
    });
  });

  it('with the longest back-off goes back to the beginning of its pod', () => {
    const trouble = loop(7000, waiting('CrashLoopBackOff', { restartCount: 25, lastState: ended(6990, 6993) }));

    expect(trouble).toMatchObject({ since: at(1) });
  });

  it('of a container that exits with 0 is one as well', () => {
    const trouble = loop(70, waiting('CrashLoopBackOff', { restartCount: 3, lastState: ended(58, 61, 0) }));

    expect(trouble).toMatchObject({ kind: 'crash-loop' });
  });

  it('is over when a run outlasts those before by far', () => {
    const container = running(100, { restartCount: 3, lastState: ended(80, 90) });

    expect([loop(180, container), loop(200, container)]).toEqual([
      expect.objectContaining({ kind: 'crash-loop' }),
      undefined,
    ]);
  });
});

describe('containers that cannot be made', () => {
  it.each(['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull'])('%s', (reason) => {
    const trouble = podTrouble(pod({ containers: [waiting(reason)] }), at(30));

    expect(trouble).toEqual({ kind: 'image-pull', container: 'app', status: reason, restarts: 0, since: at(1) });
  });

  it.each(['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError'])('%s', (reason) => {
    const trouble = podTrouble(pod({ containers: [waiting(reason)] }), at(30));

    expect(trouble).toEqual({ kind: 'container-create', container: 'app', status: reason, restarts: 0, since: at(1) });
  });

  it('a start that fails stays one in its back-off', () => {
    const lastState = {
      terminated: { exitCode: 128, reason: 'StartError', startedAt: '1970-01-01T00:00:00Z', finishedAt: at(20) },
    };

    const trouble = podTrouble(
      pod({ containers: [waiting('CrashLoopBackOff', { restartCount: 2, lastState })] }),
      at(30),
    );

    expect(trouble).toMatchObject({ kind: 'container-create', since: at(1) });
  });

  it('an image counts from the end of the init containers', () => {
    const trouble = podTrouble(
      pod({ init: [{ name: 'setup', state: ended(3, 400, 0) }], containers: [waiting('ErrImagePull')] }),
      at(430),
    );

    expect(trouble).toMatchObject({ kind: 'image-pull', since: at(400) });
  });

  it('the first of several containers counts', () => {
    const containers = [waiting('ImagePullBackOff'), { ...waiting('CreateContainerError'), name: 'proxy' }];

    const troubles = [containers, containers.toReversed()].map((list) => podTrouble(pod({ containers: list }), at(30)));

    expect(troubles).toMatchObject([{ container: 'app' }, { container: 'proxy' }]);
  });
});

describe('a stuck pod', () => {
  it('is not scheduled', () => {
    const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', lastTransitionTime: at(2) }];

    const trouble = podTrouble(pod({ node: '', conditions, containers: [] }), at(3));

    expect(trouble).toEqual({ kind: 'stuck', status: 'Pending (Unschedulable)', restarts: 0, since: at(2) });
  });

  it('is not even looked at by a scheduler', () => {
    const trouble = podTrouble(
      { metadata: { creationTimestamp: START }, spec: {}, status: { phase: 'Pending' } },
      at(3),
    );

    expect(trouble).toMatchObject({ status: 'Pending (not scheduled)', since: START });
  });

  it('has containers that are being created, from the end of the init containers', () => {
    const creating = podTrouble(pod({ containers: [waiting('ContainerCreating')] }), at(3));
    const later = podTrouble(
      pod({ init: [{ name: 'setup', state: ended(3, 400, 0) }], containers: [waiting('PodInitializing')] }),
      at(401),
    );

    expect([creating, later]).toEqual([
      { kind: 'stuck', status: 'ContainerCreating', restarts: 0, since: at(1) },
      { kind: 'stuck', status: 'PodInitializing', restarts: 0, since: at(400) },
    ]);
  });

  it('is being deleted, whatever else is wrong; from the end of its grace period', () => {
    const metadata = { deletionTimestamp: at(90), deletionGracePeriodSeconds: 30 };

    const trouble = podTrouble(
      pod({ metadata, containers: [waiting('CrashLoopBackOff', { restartCount: 9 })] }),
      at(70),
    );

    expect(trouble).toEqual({ kind: 'stuck', status: 'Terminating', restarts: 0, since: at(90) });
  });
});
