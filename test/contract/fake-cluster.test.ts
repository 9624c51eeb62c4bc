import type { JsonObject } from '../../src/core/facts/json.ts';
import { childOf } from '../../src/core/recording/object-parts.ts';
import { RESOURCE_TYPES } from '../../src/core/subject/kinds.ts';
import { FakeCluster } from '../fakes/fake-cluster.ts';
import { CONTRACT_LOGS, contractObjects, describeClusterReader } from './cluster-reader.contract.ts';

const namespace = 'contract';
const content = { namespace, objects: contractObjects(namespace).map(scheduled), logs: CONTRACT_LOGS };
const everything = [...RESOURCE_TYPES.map(({ resource }) => resource), 'pods/log'];

describeClusterReader('the fake', async () => ({
  namespace,
  question: () => new FakeCluster(content),
  withoutRights: () =>
    new FakeCluster({ ...content, unreadable: everything.map((resource) => ({ resource, why: 'forbidden' })) }),
}));

/** A pod with the node that it would have. */
function scheduled(object: JsonObject): JsonObject {
  const spec = childOf(object, 'spec');
  const isPlaced = object['kind'] === 'Pod' && spec['nodeSelector'] === undefined;
  return isPlaced ? { ...object, spec: { ...spec, nodeName: 'node-1' } } : object;
}
