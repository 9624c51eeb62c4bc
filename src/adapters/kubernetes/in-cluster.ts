import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Connection } from './connection.ts';

/** Where a pod finds its API server: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT. */
export interface InCluster {
  readonly host: string;
  readonly port: string;
  /** The folder of the service account's token. */
  readonly folder?: string;
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The connection of a pod through its service account; undefined when it has no token. */
export function inClusterConnection({ host, port, folder = SERVICE_ACCOUNT }: InCluster): Connection | undefined {
  const tokenFile = join(folder, 'token');
  if (host === '' || !existsSync(tokenFile)) {
    return undefined;
  }
  const namespaceFile = join(folder, 'namespace');
  const namespace = existsSync(namespaceFile) ? readFileSync(namespaceFile, 'utf8').trim() : '';
  return {
    context: 'in-cluster',
    namespace: namespace === '' ? 'default' : namespace,
    cluster: {
      name: 'in-cluster',
      server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
      ca: { file: join(folder, 'ca.crt') },
      skipTlsVerify: false,
    },
    user: { name: 'service-account', tokenFile, impersonate: {} },
  };
}
