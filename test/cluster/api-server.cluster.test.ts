import { randomInt } from 'node:crypto';
import { afterAll } from 'vitest';
import {
  type ContractServer,
  type ContractUser,
  describeApiServer,
  LIMITED_RULES,
  serverObjects,
} from '../contract/api-server.contract.ts';
import { describeApiServerAccess } from '../contract/api-server-access.contract.ts';
import { type HttpQuestion, sendHttp } from '../contract/http-client.ts';
import type { TestCluster } from './cluster.ts';
import { accessOf } from './cluster-access.ts';
import { describeWithCluster } from './injected-cluster.ts';

describeWithCluster('the HTTP API of a real cluster', (cluster) => {
  const namespace = `api-${randomInt(36 ** 4, 36 ** 5).toString(36)}`;
  let opened: Promise<ContractServer> | undefined;

  afterAll(async () => {
    await cluster.deleteNamespace(namespace);
  });

  const open = (): Promise<ContractServer> => {
    opened ??= fill(cluster, namespace);
    return opened;
  };

  describeApiServer('Kubernetes', open);

  describeApiServerAccess('Kubernetes', open);
});

async function fill(cluster: TestCluster, namespace: string): Promise<ContractServer> {
  const inNamespace = (...args: readonly string[]): Promise<string> => cluster.kubectl(['-n', namespace, ...args]);
  await cluster.kubectl(['create', 'namespace', namespace]);
  await inNamespace('wait', '--for=create', 'serviceaccount/default', '--timeout=30s');
  const items = [...serverObjects(namespace), ...accounts(namespace)];
  await cluster.apply(JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
  const restarted = '--for=jsonpath={.status.containerStatuses[0].restartCount}=1';
  const initializing = '--for=jsonpath={.status.initContainerStatuses[0].started}=true';
  await Promise.all([
    inNamespace('wait', '--for=condition=Ready', 'pod/steady', '--timeout=60s'),
    inNamespace('wait', '--for=jsonpath={.status.phase}=Succeeded', 'pod/chatty', '--timeout=60s'),
    inNamespace('wait', restarted, 'pod/crasher', '--timeout=60s'),
    inNamespace('wait', initializing, 'pod/initializing', '--timeout=60s'),
  ]);
  const access = await accessOf(cluster);
  const tokens = {
    powerless: (await inNamespace('create', 'token', 'powerless')).trim(),
    limited: (await inNamespace('create', 'token', 'limited')).trim(),
    nobody: 'nobody',
  };
  const questionOf = (user: ContractUser, question: HttpQuestion): HttpQuestion => {
    if (user === 'reader') {
      return { ...question, tls: access.tls, headers: { ...access.headers, ...question.headers } };
    }
    const authorization = user === 'anonymous' ? {} : { authorization: `Bearer ${tokens[user]}` };
    return { ...question, tls: { ca: access.tls.ca }, headers: { ...authorization, ...question.headers } };
  };
  return { namespace, send: (user, path, question = {}) => sendHttp(access.url, path, questionOf(user, question)) };
}

/** The service accounts with their rights. */
function accounts(namespace: string): readonly object[] {
  const account = (name: string): object => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace },
  });
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  return [
    account('powerless'),
    account('limited'),
    { apiVersion, kind: 'Role', metadata: { name: 'limited', namespace }, rules: LIMITED_RULES },
    {
      apiVersion,
      kind: 'RoleBinding',
      metadata: { name: 'limited', namespace },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'limited' },
      subjects: [{ kind: 'ServiceAccount', name: 'limited', namespace }],
    },
  ];
}
