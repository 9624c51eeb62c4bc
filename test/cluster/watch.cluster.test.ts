import { randomInt } from 'node:crypto';
import { afterAll } from 'vitest';
import { sendHttp } from '../contract/http-client.ts';
import { describeWatch } from '../contract/watch.contract.ts';
import { openWatch } from '../contract/watch-client.ts';
import { accessOf } from './cluster-access.ts';
import { describeWithCluster } from './injected-cluster.ts';

describeWithCluster('watches of a real cluster', (cluster) => {
  const namespace = `watch-${randomInt(36 ** 4, 36 ** 5).toString(36)}`;

  afterAll(async () => {
    await cluster.deleteNamespace(namespace);
  });

  describeWatch('Kubernetes', async () => {
    const inNamespace = (...args: readonly string[]): Promise<string> => cluster.kubectl(['-n', namespace, ...args]);
    await cluster.kubectl(['create', 'namespace', namespace]);
    await inNamespace('wait', '--for=create', 'serviceaccount/default', '--timeout=30s');
    const access = await accessOf(cluster);
    const token = (await inNamespace('create', 'token', 'default')).trim();
    const { url, headers, tls } = access;
    return {
      server: {
        namespace,
        bookmarkedSeconds: 8,
        send: (path) => sendHttp(url, path, { headers, tls }),
        watch: (path) => openWatch(url, path, { headers, tls }),
        put: (pod) => cluster.apply(JSON.stringify(pod)),
        remove: async (name) => {
          await inNamespace('delete', 'pod', name, '--wait=true');
        },
      },
      powerless: (path) => sendHttp(url, path, { headers: { authorization: `Bearer ${token}` }, tls: { ca: tls.ca } }),
    };
  });
});
