import { describe, expect, it } from 'vitest';
import { cordon, uncordon } from '../../src/actions/cordon.ts';
import { ago, aNode, aPod, NOT_READY, POD, possible, proposed, worldOf } from './action-world.ts';

const NODE = { kind: 'Node', name: 'node-1', uid: 'node-1', namespace: '' } as const;
const CORDONED = { spec: { unschedulable: true } };
const OTHER = aNode({ metadata: { name: 'node-2', uid: 'node-2' } });
const TARGET = { kind: 'Node', group: '', namespace: '', name: 'node-1', uid: 'node-1' };

describe('cordon.inspect and uncordon.inspect', () => {
  it('cordons a node; the patch names its uid', async () => {
    const inspection = await cordon.inspect(proposed('R-CORDON', NODE), worldOf([aNode(), OTHER]));

    expect(inspection).toEqual({
      kind: 'possible',
      target: TARGET,
      tier: 'T2',
      effect: {
        kind: 'kubernetes',
        request: {
          verb: 'patch',
          path: ['api', 'v1', 'nodes', 'node-1'],
          contentType: 'application/merge-patch+json',
          body: { metadata: { uid: 'node-1' }, spec: { unschedulable: true } },
        },
      },
      fingerprint: '{"action":"R-CORDON","uid":"node-1","unschedulable":false}',
      words: {
        title: 'cordon node node-1',
        steps: [
          'Stop unless node node-1 still has the uid node-1 and is not cordoned.',
          'Send the patch as a dry run.',
          'Set spec.unschedulable, on the condition of its uid.',
          'Look whether it is set.',
        ],
        commands: ['kubectl cordon node-1 # only while its uid is node-1'],
        touches: 'Node node-1: no new pods go there; what runs there goes on.',
        risk: '1 other node takes new pods. Most node alerts leave out cordoned nodes, so that they end without being repaired.',
        undo: 'kubectl uncordon node-1',
      },
      rights: [{ verb: 'patch', group: '', resource: 'nodes', subresource: '', namespace: '', name: 'node-1' }],
      before: { unschedulable: 'false' },
    });
  });

  it('uncordons a node', async () => {
    const inspection = possible(await uncordon.inspect(proposed('R-UNCORDON', NODE), worldOf([aNode(CORDONED)])));

    expect([inspection.effect, inspection.words.undo]).toEqual([
      {
        kind: 'kubernetes',
        request: {
          verb: 'patch',
          path: ['api', 'v1', 'nodes', 'node-1'],
          contentType: 'application/merge-patch+json',
          body: { metadata: { uid: 'node-1' }, spec: { unschedulable: false } },
        },
      },
      'kubectl cordon node-1',
    ]);
  });

  it('neither may be sent twice, and cordoning heals nothing', () => {
    const ways = [cordon, uncordon].map(({ conditional, heals }) => ({ conditional, heals }));

    expect(ways).toEqual([
      { conditional: false, heals: false },
      { conditional: false, heals: undefined },
    ]);
  });

  it('says when no other node takes new pods', async () => {
    const nodes = [
      aNode(),
      aNode({ metadata: { name: 'node-2', uid: 'x' }, ...NOT_READY }),
      aNode({ metadata: { name: 'node-3', uid: 'y' }, ...CORDONED }),
    ];

    const inspection = await cordon.inspect(proposed('R-CORDON', NODE), worldOf(nodes));

    expect(possible(inspection).words.risk).toMatch(/^No other node takes new pods/);
  });

  it.each([
    ['the node of a pod', POD, {}, [aPod(), aNode()]],
    [
      'the node that is named for a pod without one',
      POD,
      { node: 'node-1' },
      [aPod({ spec: { nodeName: '' } }), aNode()],
    ],
    ['the node itself, named again', NODE, { node: 'node-1', uid: 'node-1' }, [aNode()]],
  ] as const)('takes %s', async (_, subject, parameters, objects) => {
    const inspection = await cordon.inspect(proposed('R-CORDON', subject, parameters), worldOf(objects));

    expect(possible(inspection).target).toEqual(TARGET);
  });

  it.each([
    ['it is cordoned already', cordon, NODE, {}, [aNode(CORDONED)], 'changed', /cordoned already/],
    ['it is not cordoned any more', uncordon, NODE, {}, [aNode()], 'changed', /not cordoned any more/],
    [
      'it is being deleted',
      cordon,
      NODE,
      {},
      [aNode({ metadata: { deletionTimestamp: ago(1) } })],
      'changed',
      /being deleted/,
    ],
    ['it is gone', cordon, NODE, {}, [], 'changed', /does not exist/],
    ['it is another one', cordon, NODE, {}, [aNode({ metadata: { uid: 'node-9' } })], 'changed', /another object/],
    ['it is not Ready', uncordon, NODE, {}, [aNode({ ...CORDONED, ...NOT_READY })], 'unsafe', /not Ready/],
    [
      'it is out of service',
      uncordon,
      NODE,
      {},
      [aNode({ spec: { unschedulable: true, taints: [{ key: 'node.kubernetes.io/out-of-service' }] } })],
      'unsafe',
      /out of service/,
    ],
    [
      'the autoscaler deletes it',
      uncordon,
      NODE,
      {},
      [aNode({ spec: { unschedulable: true, taints: [{ key: 'ToBeDeletedByClusterAutoscaler' }] } })],
      'unsafe',
      /autoscaler/,
    ],
    ['the pod is on no node', uncordon, POD, {}, [aPod({ spec: { nodeName: '' } })], 'invalid', /does not say which/],
    ['another node is named', cordon, POD, { node: 'node-2' }, [aPod(), aNode(), OTHER], 'invalid', /another node/],
    ['another node is named for a node', cordon, NODE, { node: 'node-2' }, [aNode(), OTHER], 'invalid', /another node/],
    ['the named uid is another one', cordon, POD, { uid: 'node-9' }, [aPod(), aNode()], 'changed', /another object/],
    ['the pod is another one', cordon, { ...POD, uid: 'pod-9' }, {}, [aPod(), aNode()], 'changed', /another object/],
  ] as const)('refuses when %s', async (...[, action, subject, parameters, objects, why, reason]) => {
    const inspection = await action.inspect(proposed(action.code, subject, parameters), worldOf(objects));

    expect(inspection).toEqual({ kind: 'refused', why, reason: expect.stringMatching(reason) as string });
  });
});

describe('cordon.seen and cordon.verify', () => {
  const acted = { input: proposed('R-CORDON', NODE), target: TARGET, before: { unschedulable: 'false' } };

  it.each([
    ['it is cordoned', [aNode(CORDONED)], 'made', { kind: 'helped', says: 'node node-1 takes no new pods' }],
    [
      'it is not',
      [aNode()],
      'not-made',
      { kind: 'failed', says: 'somebody else uncordoned node node-1 in the meantime' },
    ],
    ['it is gone', [], 'changed', { kind: 'failed', says: 'node node-1 was deleted in the meantime' }],
  ] as const)('looks whether %s', async (_, objects, seen, verification) => {
    const world = worldOf(objects);

    const outcome = [await cordon.seen(acted, world), await cordon.verify(acted, world)];

    expect(outcome).toEqual([seen, verification]);
  });
});
