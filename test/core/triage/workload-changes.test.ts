import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/facts/json.ts';
import { type ChangedWorkload, workloadChanges } from '../../../src/core/triage/workload-changes.ts';

const window = { from: Date.parse('2026-01-31T11:00:00Z'), to: Date.parse('2026-01-31T12:01:00Z') };
const LONG_AGO = '2026-01-01T00:00:00Z';

/** A time of the window: `12:30` is 30 s after 11:12. */
function at(minutes: string): string {
  return `2026-01-31T11:${minutes}Z`;
}

function write(manager: string, time: string, more: JsonObject = {}): JsonObject {
  return { manager, operation: 'Update', time, ...more };
}

function workload(kind: string, managedFields: readonly JsonObject[], more: JsonObject = {}): JsonObject {
  return {
    kind,
    metadata: { name: 'web', namespace: 'shop', uid: 'u-web', creationTimestamp: LONG_AGO, managedFields },
    spec: {},
    ...more,
  };
}

interface SetOptions {
  readonly image?: string;
  readonly replicas?: number;
  readonly history?: string;
}

function replicaSet(revision: number, created: string, options: SetOptions = {}): JsonObject {
  const { image = `web:${revision}`, replicas = 0, history } = options;
  return {
    kind: 'ReplicaSet',
    metadata: {
      name: `web-${revision}`,
      creationTimestamp: created,
      ownerReferences: [{ uid: 'u-web', controller: true }],
      annotations: {
        'deployment.kubernetes.io/revision': String(revision),
        ...(history === undefined ? {} : { 'deployment.kubernetes.io/revision-history': history }),
      },
    },
    spec: { replicas, template: { spec: { containers: [{ name: 'web', image }] } } },
  };
}

function controllerRevision(revision: number, created: string, image: string, written = created): JsonObject {
  return {
    kind: 'ControllerRevision',
    metadata: {
      name: `web-${image}`,
      creationTimestamp: created,
      ownerReferences: [{ uid: 'u-web', controller: true }],
      managedFields: [write('kube-controller-manager', written)],
    },
    revision,
    data: { spec: { template: { $patch: 'replace', spec: { containers: [{ name: 'web', image }] } } } },
  };
}

function scaled(time: string, message: string): JsonObject {
  return {
    reason: 'ScalingReplicaSet',
    message,
    firstTimestamp: time,
    lastTimestamp: time,
    involvedObject: { kind: 'Deployment', name: 'web', uid: 'u-web' },
  };
}

function told(parts: Partial<ChangedWorkload> & Pick<ChangedWorkload, 'object'>): readonly string[] {
  const changes = workloadChanges({ keepers: [], events: [], autoscalers: [], ...parts }, window);
  return changes.map((change) => `${change.at.slice(14, 19)} ${change.object} ${change.what}`);
}

const web = 'Deployment shop/web';

describe('rollouts', () => {
  it('are told with what changed, and their write is not told again', () => {
    const object = workload('Deployment', [write('kubectl-set', at('30:00'))]);
    const keepers = [replicaSet(6, LONG_AGO), replicaSet(7, at('30:01'), { replicas: 2 })];
    const events = [
      scaled(at('30:01'), 'Scaled up replica set web-7 from 0 to 1'),
      scaled(at('30:05'), 'Scaled down replica set web-6 from 1 to 0'),
    ];

    expect(told({ object, keepers, events })).toEqual([
      `30:01 ${web} revision 7 rolled out: image of web changed from web:6 to web:7`,
    ]);
  });

  it('leave other writes alone, but not status updates', () => {
    const object = workload('Deployment', [
      write('kubectl-label', at('10:00')),
      write('kube-controller-manager', at('20:00')),
      write('operator', at('21:00'), { subresource: 'status' }),
    ]);

    expect(told({ object, keepers: [replicaSet(7, LONG_AGO)] })).toEqual([`10:00 ${web} was changed by kubectl-label`]);
  });

  it('say when the revision before is gone', () => {
    expect(told({ object: workload('Deployment', []), keepers: [replicaSet(7, at('30:00'))] })).toEqual([
      `30:00 ${web} revision 7 rolled out (web:7); the revision before it is not kept`,
    ]);
  });

  it('are not told of a new Deployment', () => {
    const metadata = {
      name: 'web',
      namespace: 'shop',
      uid: 'u-web',
      creationTimestamp: at('30:00'),
      managedFields: [write('helm', at('30:00'))],
    };
    const events = [scaled(at('30:01'), 'Scaled up replica set web-1 from 0 to 3')];

    const changes = told({ object: { kind: 'Deployment', metadata }, keepers: [replicaSet(1, at('30:01'))], events });

    expect(changes).toEqual([`30:00 ${web} was created by helm`]);
  });

  it('of others are ignored', () => {
    const metadata = { name: 'x', creationTimestamp: at('30:00'), ownerReferences: [{ uid: 'u-other' }] };

    expect(told({ object: workload('Deployment', []), keepers: [{ kind: 'ReplicaSet', metadata }] })).toEqual([]);
  });
});

describe('rollbacks', () => {
  it('of a Deployment are told, with the rollout before', () => {
    const keepers = [
      replicaSet(3, LONG_AGO, { image: 'web:1', replicas: 1, history: '1' }),
      replicaSet(2, at('20:00')),
    ];
    const events = [
      scaled(at('20:00'), 'Scaled up replica set web-2 from 0 to 1'),
      scaled(at('40:00'), 'Scaled up replica set web-3 from 0 to 1'),
      scaled(at('40:09'), 'Scaled down replica set web-2 from 1 to 0'),
    ];

    expect(told({ object: workload('Deployment', [write('kubectl', at('39:59'))]), keepers, events })).toEqual([
      `40:00 ${web} was rolled back to an earlier pod template, now revision 3: image of web changed from web:2 to web:1`,
      `20:00 ${web} revision 2 rolled out: image of web changed from web:1 to web:2`,
    ]);
  });

  it('are no matter of today when an old one is only scaled', () => {
    const keepers = [replicaSet(3, LONG_AGO, { history: '1' }), replicaSet(2, '2026-01-02T00:00:00Z')];
    const events = [
      scaled(at('30:00'), 'Scaled down replica set web-3 from 2 to 0'),
      scaled(at('40:00'), 'Scaled up replica set web-3 from 0 to 4'),
    ];

    expect(told({ object: workload('Deployment', []), keepers, events })).toEqual([
      `30:00 ${web} was scaled from 2 to 0 replicas`,
      `40:00 ${web} was scaled from 0 to 4 replicas`,
    ]);
  });

  it('of a StatefulSet are told by its revisions', () => {
    const keepers = [controllerRevision(3, LONG_AGO, 'db:1', at('40:00')), controllerRevision(2, at('20:00'), 'db:2')];

    expect(told({ object: workload('StatefulSet', []), keepers })).toEqual([
      '40:00 StatefulSet shop/web was rolled back to an earlier pod template, now revision 3: image of web changed from db:2 to db:1',
      '20:00 StatefulSet shop/web revision 2 rolled out: image of web changed from db:1 to db:2',
    ]);
  });
});

describe('a new size', () => {
  const keepers = [replicaSet(7, LONG_AGO)];

  it('is told for each step', () => {
    const events = [
      scaled(at('10:00'), 'Scaled up replica set web-7 from 1 to 3'),
      scaled(at('20:00'), 'Scaled down replica set web-7 to 0'),
    ];

    expect(told({ object: workload('Deployment', []), keepers, events })).toEqual([
      `10:00 ${web} was scaled from 1 to 3 replicas`,
      `20:00 ${web} was scaled to 0 replicas`,
    ]);
  });

  it('is told once for many steps', () => {
    const events = [1, 2, 3, 4].map((size) =>
      scaled(at(`1${size}:00`), `Scaled up replica set web-7 from ${size} to ${size + 1}`),
    );

    expect(told({ object: workload('Deployment', []), keepers, events })).toEqual([
      `14:00 ${web} was scaled from 1 to 5 replicas in 4 steps`,
    ]);
  });

  it('explains the write that brought it', () => {
    const object = workload('Deployment', [write('helm', at('10:00'))]);
    const events = [scaled(at('10:01'), 'Scaled up replica set web-7 from 1 to 3')];

    expect(told({ object, keepers, events })).toEqual([`10:01 ${web} was scaled from 1 to 3 replicas`]);
  });

  it('is told without numbers while a rollout is under way', () => {
    const both = [replicaSet(6, LONG_AGO, { replicas: 3 }), replicaSet(7, at('10:00'), { replicas: 1 })];
    const events = [
      scaled(at('10:00'), 'Scaled up replica set web-7 from 0 to 1'),
      scaled(at('30:00'), 'Scaled up replica set web-6 from 1 to 3'),
    ];

    expect(told({ object: workload('Deployment', []), keepers: both, events })).toEqual([
      `10:00 ${web} revision 7 rolled out: image of web changed from web:6 to web:7`,
      `30:00 ${web} was scaled up while a rollout was under way`,
    ]);
  });

  it('is no part of a rollout that ends all pods first', () => {
    const object = workload('Deployment', [], { spec: { strategy: { type: 'Recreate' } } });
    const both = [replicaSet(6, LONG_AGO), replicaSet(7, at('10:30'), { replicas: 2 })];
    const events = [
      scaled(at('10:00'), 'Scaled down replica set web-6 from 2 to 0'),
      scaled(at('10:30'), 'Scaled up replica set web-7 from 0 to 2'),
    ];

    expect(told({ object, keepers: both, events })).toEqual([
      `10:30 ${web} revision 7 rolled out: image of web changed from web:6 to web:7`,
    ]);
  });

  it('is the autoscaler’s where it scaled', () => {
    const autoscaler = {
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' } },
      status: { lastScaleTime: at('20:00'), desiredReplicas: 9 },
    };
    const events = [
      scaled(at('10:00'), 'Scaled up replica set web-7 from 1 to 3'),
      scaled(at('20:01'), 'Scaled up replica set web-7 from 3 to 9'),
    ];
    const other = { ...autoscaler, spec: { scaleTargetRef: { kind: 'Deployment', name: 'other' } } };

    expect(told({ object: workload('Deployment', []), keepers, events, autoscalers: [autoscaler, other] })).toEqual([
      `10:00 ${web} was scaled from 1 to 3 replicas`,
      `20:00 HorizontalPodAutoscaler shop/web scaled ${web} from 3 to 9 replicas`,
    ]);
    expect(told({ object: workload('Deployment', []), keepers, autoscalers: [autoscaler] })).toEqual([
      `20:00 HorizontalPodAutoscaler shop/web scaled ${web} to 9 replicas`,
    ]);
  });

  it('is not believed of events of somebody else', () => {
    const forged = { ...scaled(at('10:00'), 'Scaled up replica set web-7 from 1 to 3'), involvedObject: { uid: 'x' } };

    expect(told({ object: workload('Deployment', []), keepers, events: [forged] })).toEqual([]);
  });
});

describe('what controllers make', () => {
  it('is no change', () => {
    const metadata = { name: 'web-1', creationTimestamp: at('10:00'), ownerReferences: [{ controller: true }] };

    expect(told({ object: { kind: 'Pod', metadata } })).toEqual([]);
  });
});
