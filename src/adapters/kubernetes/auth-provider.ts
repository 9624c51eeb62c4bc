import type { Agent } from 'node:http';
import type { RequestOptions } from 'node:https';
import { KubewhyError } from '../../core/errors/kubewhy-error.ts';
import { printable, shorten } from '../../core/facts/text.ts';
import { redactText } from '../../core/redaction/redact.ts';
import type { ClusterEntry, UserEntry } from './connection.ts';
import { fieldsOf, textOf } from './kubeconfig-fields.ts';

/** Keys and certificates of a connection, as PEM. */
export interface TlsMaterial {
  readonly ca?: Buffer;
  readonly cert?: Buffer | string;
  readonly key?: Buffer | string;
}

interface LibraryCluster {
  readonly server: string;
  readonly skipTLSVerify: boolean;
  readonly proxyUrl?: string | undefined;
  readonly tlsServerName?: string | undefined;
  readonly caData?: string | undefined;
}

interface LibraryUser {
  readonly authProvider?: unknown;
  readonly certData?: string | undefined;
  readonly keyData?: string | undefined;
}

/**
 * Loaded only for what few kubeconfigs have, since the library costs a tenth of a second at every start: OpenID
 * Connect and the cloud providers of old, and SOCKS proxies.
 */
async function applied(cluster: LibraryCluster, user: LibraryUser): Promise<RequestOptions> {
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ ...cluster, name: 'cluster' }],
    users: [{ ...user, name: 'user' }],
    contexts: [{ name: 'context', cluster: 'cluster', user: 'user' }],
    currentContext: 'context',
  });
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  return options;
}

/** The Authorization header that an auth provider gives; undefined when it has no valid token. */
export async function providerToken(user: UserEntry): Promise<string | undefined> {
  const provider = user.authProvider;
  try {
    // The library stores renewed tokens in the object that it was given.
    const options = await applied(
      { server: 'https://unused.invalid', skipTLSVerify: false },
      { authProvider: { name: provider?.name, config: { ...provider?.config } } },
    );
    const { Authorization: header } = fieldsOf(options.headers);
    return textOf(header);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new KubewhyError('CREDENTIALS_REJECTED', {
      message: `The auth provider "${printable(provider?.name ?? '')}" of the kubeconfig gives no token: ${shorten(redactText(printable(said)), 300)}.`,
      cause,
    });
  }
}

/** An agent whose connections go through a SOCKS proxy. */
export async function socksAgent(cluster: ClusterEntry, tls: TlsMaterial): Promise<Agent | undefined> {
  const { agent } = await applied(
    {
      server: cluster.server,
      skipTLSVerify: cluster.skipTlsVerify || cluster.server.startsWith('http:'),
      proxyUrl: cluster.proxyUrl,
      tlsServerName: cluster.tlsServerName,
      caData: base64(tls.ca),
    },
    { certData: base64(tls.cert), keyData: base64(tls.key) },
  );
  if (agent === undefined || typeof agent === 'boolean') {
    return undefined;
  }
  // The library leaves connections closed after each request.
  return Object.assign(agent, { keepAlive: true });
}

function base64(bytes: Buffer | string | undefined): string | undefined {
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('base64');
}
