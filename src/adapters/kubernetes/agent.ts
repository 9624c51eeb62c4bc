import type { Agent } from 'node:http';
import https, { type AgentOptions } from 'node:https';
import { createSecureContext } from 'node:tls';
import { socksAgent, type TlsMaterial } from './auth-provider.ts';
import type { ClusterEntry } from './connection.ts';
import type { Credentials } from './credentials.ts';
import { invalid } from './kubeconfig.ts';
import { bytesOf } from './material.ts';

/** HTTPS_PROXY, HTTP_PROXY and NO_PROXY of the environment; a `proxy-url` of the kubeconfig comes before them. */
export interface ProxySettings {
  readonly httpsProxy?: string;
  readonly httpProxy?: string;
  readonly noProxy?: string;
}

/** How requests are sent: the connections and the function that uses them. */
export interface Wire {
  readonly agent: Agent;
  readonly request: typeof https.request;
}

/** Connections that stay open between requests. */
const CONNECTIONS = { keepAlive: true, keepAliveMsecs: 30_000, maxSockets: 16, scheduling: 'lifo' } as const;

/** How requests get to the API server. */
export interface WireSettings {
  readonly proxy: ProxySettings;
  /** Requests at a time; default 16. */
  readonly maxSockets?: number;
}

/** The connections for all requests to a cluster with the given credentials; throws KUBECONFIG_INVALID for broken keys. */
export async function connectWire(
  cluster: ClusterEntry,
  credentials: Credentials,
  settings: WireSettings,
): Promise<Wire> {
  const tls = tlsMaterial(cluster, credentials);
  if (cluster.server.startsWith('http:')) {
    return plainWire(cluster, tls, settings);
  }
  const secureContext = secureContextOf(cluster, tls);
  const agent =
    (await throughSocks(cluster, tls)) ??
    new https.Agent({
      ...connections(cluster, settings),
      ...(secureContext === undefined ? {} : { secureContext }),
      ...(cluster.tlsServerName === undefined ? {} : { servername: cluster.tlsServerName }),
      ...(cluster.skipTlsVerify ? { rejectUnauthorized: false } : {}),
    });
  return { agent, request: https.request };
}

/** Few API servers speak plain HTTP, and importing `node:http` by name costs 10 ms at every start: it loads `fetch`. */
async function plainWire(cluster: ClusterEntry, tls: TlsMaterial, settings: WireSettings): Promise<Wire> {
  const { default: http } = await import('node:http');
  const agent = (await throughSocks(cluster, tls)) ?? new http.Agent(connections(cluster, settings));
  return { agent, request: http.request };
}

async function throughSocks(cluster: ClusterEntry, tls: TlsMaterial): Promise<Agent | undefined> {
  return cluster.proxyUrl?.startsWith('socks') === true ? socksAgent(cluster, tls) : undefined;
}

function connections(
  cluster: ClusterEntry,
  { proxy, maxSockets = CONNECTIONS.maxSockets }: WireSettings,
): AgentOptions {
  const proxyEnv = proxyEnvironment(cluster, proxy);
  return { ...CONNECTIONS, maxSockets, ...(proxyEnv === undefined ? {} : { proxyEnv }) };
}

function tlsMaterial(cluster: ClusterEntry, { cert, key }: Credentials): TlsMaterial {
  return {
    ...(cluster.ca === undefined ? {} : { ca: bytesOf(cluster.ca, 'certificate authority') }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

function secureContextOf(cluster: ClusterEntry, tls: TlsMaterial): AgentOptions['secureContext'] {
  try {
    return createSecureContext({ ...tls });
  } catch (cause) {
    throw invalid(
      `The certificates that the kubeconfig gives for the cluster "${cluster.name}" cannot be used: a certificate or key is not valid PEM, or the client key does not fit the client certificate.`,
      cause,
    );
  }
}

function proxyEnvironment(cluster: ClusterEntry, proxy: ProxySettings): AgentOptions['proxyEnv'] {
  if (cluster.proxyUrl !== undefined) {
    return { HTTPS_PROXY: cluster.proxyUrl, HTTP_PROXY: cluster.proxyUrl };
  }
  if (proxy.httpsProxy === undefined && proxy.httpProxy === undefined) {
    return undefined;
  }
  return {
    ...(proxy.httpsProxy === undefined ? {} : { HTTPS_PROXY: proxy.httpsProxy }),
    ...(proxy.httpProxy === undefined ? {} : { HTTP_PROXY: proxy.httpProxy }),
    ...(proxy.noProxy === undefined ? {} : { NO_PROXY: proxy.noProxy }),
  };
}
