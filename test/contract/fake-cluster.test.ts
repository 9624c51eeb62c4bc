import { RESOURCE_TYPES } from '../../src/core/subject/kinds.ts';
import { FakeCluster } from '../fakes/fake-cluster.ts';
import { CONTRACT_LOGS, contractObjects, describeClusterReader } from './cluster-reader.contract.ts';

const namespace = 'contract';
const content = { namespace, objects: contractObjects(namespace), logs: CONTRACT_LOGS };
const everything = [...RESOURCE_TYPES.map(({ resource }) => resource), 'pods/log'];

describeClusterReader('the fake', async () => ({
  namespace,
  question: () => new FakeCluster(content),
  withoutRights: () =>
    new FakeCluster({ ...content, unreadable: everything.map((resource) => ({ resource, why: 'forbidden' })) }),
}));
