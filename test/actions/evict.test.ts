import { describe, expect, it } from 'vitest';
import { evict } from '../../src/actions/evict.ts';
import type { JsonObject } from '../../src/core/facts/json.ts';
import {
  aDeployment,
  ago,
  aNode,
  anObject,
  aPod,
  aReplicaSet,
  aShop,
  NOT_READY,
  POD,
  possible,
  proposed,
  READY,
  worldOf,
} from './action-world.ts';

const INPUT = proposed('R-EVICT', POD);
const EVICTION = {
  apiVersion: 'policy/v1',
  kind: 'Eviction',
  metadata: { name: 'web-abc-1', namespace: 'shop' },
  deleteOptions: { preconditions: { uid: 'pod-1' } },
};

/** Three are wanted and Ready. */
function served(ready: number, pod: JsonObject = aPod(READY)): readonly JsonObject[] {
  const status = {
    observedGeneration: 2,
    replicas: 3,
    updatedReplicas: 3,
    readyReplicas: ready,
    availableReplicas: ready,
  };
  return [pod, aReplicaSet(), aDeployment({ status }), aNode()];
}

function aBudget(status: Readonly<Record<string, number>>, app = 'web', spec: JsonObject = {}): JsonObject {
  return anObject('PodDisruptionBudget', 'web', { spec: { selector: { matchLabels: { app } }, ...spec }, status });
}

const BUDGET = 'PodDisruptionBudget shop/web';

describe('evict.inspect', () => {
  it('evicts a Ready pod, on the condition of its uid', async () => {
    const inspection = possible(await evict.inspect(INPUT, worldOf([...served(3), aBudget({ desiredHealthy: 2 })])));

    expect({ ...inspection, words: inspection.words.commands }).toEqual({
      kind: 'possible',
      target: { kind: 'Pod', group: '', namespace: 'shop', name: 'web-abc-1', uid: 'pod-1' },
      tier: 'T2',
      effect: {
        kind: 'kubernetes',
        request: {
          verb: 'create',
          path: ['api', 'v1', 'namespaces', 'shop', 'pods', 'web-abc-1', 'eviction'],
          contentType: 'application/json',
          body: EVICTION,
          dryRunBody: { ...EVICTION, deleteOptions: { preconditions: { uid: 'pod-1' }, dryRun: ['All'] } },
        },
      },
      fingerprint: '{"action":"R-EVICT","node":"node-1","owner":"replicaset-1","uid":"pod-1"}',
      words: [
        `echo '${JSON.stringify(EVICTION)}' | kubectl create --raw /api/v1/namespaces/shop/pods/web-abc-1/eviction -f -`,
      ],
      rights: [
        { verb: 'create', group: '', resource: 'pods', subresource: 'eviction', namespace: 'shop', name: 'web-abc-1' },
      ],
      before: { workloadKind: 'Deployment', workload: 'web', workloadUid: 'deployment-1', newest: ago(600) },
    });
  });

  it.each([
    ['too few would be left', served(1), 'unsafe', /left with 0, fewer than half/],
    ['its node is not Ready', [...aShop().slice(0, 3), aNode(NOT_READY)], 'unsafe', /hang in Terminating/],
    [
      'it is being deleted',
      served(3, aPod({ metadata: { deletionTimestamp: ago(1) } })),
      'changed',
      /being deleted already/,
    ],
    ['nothing makes it again', served(3, aPod({ metadata: { ownerReferences: [] } })), 'unsafe', /no controller/],
  ] as const)('refuses when %s', async (_, objects, why, reason) => {
    const inspection = await evict.inspect(INPUT, worldOf(objects));

    expect(inspection).toEqual({ kind: 'refused', why, reason: expect.stringMatching(reason) as string });
  });

  it.each([
    [
      'wants them all',
      [...served(3), aBudget({ desiredHealthy: 3 }, 'web', { maxUnavailable: 0 })],
      `${BUDGET} wants 3 pods Ready. Deployment web has 3 of 3 pods Ready and would be left with 2. All of them are Ready, so waiting does not help: let whoever owns the budget allow more.`,
    ],
    [
      'wants a number of them',
      [...served(3), aBudget({ desiredHealthy: 3 }, 'web', { minAvailable: 3 })],
      `${BUDGET} wants 3 pods Ready. Deployment web has 3 of 3 pods Ready and would be left with 2. All of them are Ready, so waiting does not help: scale it up to 4, or let whoever owns the budget allow more.`,
    ],
    [
      'waits for others',
      [...served(3).slice(0, 2), aDeployment({ spec: { replicas: 4 }, status: { readyReplicas: 3 } }), aNode()].concat(
        aBudget({ desiredHealthy: 3 }, 'web', { minAvailable: 3 }),
      ),
      `${BUDGET} wants 3 pods Ready. Deployment web has 3 of 4 pods Ready and would be left with 2. Wait until its other pods are Ready, or find out why they are not; then ask again.`,
    ],
    [
      'was not counted yet',
      [...served(3), aBudget({})],
      `${BUDGET} has not counted the pods of Deployment web yet, so it allows nothing. Wait a minute, then ask again.`,
    ],
  ] as const)('says what would make room when a budget %s', async (_, objects, reason) => {
    const inspection = await evict.inspect(INPUT, worldOf(objects));

    expect(inspection).toEqual({ kind: 'refused', why: 'unsafe', reason });
  });

  it('is unproven when the budgets cannot be read', async () => {
    const world = worldOf(served(3), { unreadable: [{ resource: 'poddisruptionbudgets', why: 'forbidden' }] });

    const inspection = await evict.inspect(INPUT, world);

    expect(inspection).toMatchObject({ kind: 'refused', why: 'unproven' });
  });

  it.each([
    ['half would be left', [...served(3), aBudget({ desiredHealthy: 3 }, 'other')]],
    ['it does not serve, however few do', served(0, aPod())],
  ])('is possible when %s', async (_, objects) => {
    const inspection = await evict.inspect(INPUT, worldOf(objects));

    expect(inspection.kind).toBe('possible');
  });
});
