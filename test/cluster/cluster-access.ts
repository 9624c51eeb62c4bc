import type { TestCluster } from './cluster.ts';

/** A way in for raw requests. */
export interface Access {
  readonly url: string;
  readonly tls: { readonly ca: string; readonly cert?: string; readonly key?: string };
  readonly headers: Readonly<Record<string, string>>;
}

/** The administrator's way in, by certificate or token. */
export async function accessOf(cluster: TestCluster): Promise<Access> {
  const view = await cluster.kubectl(['config', 'view', '--raw', '--minify', '--flatten', '-o', 'json']);
  const { clusters, users } = JSON.parse(view) as {
    readonly clusters: readonly { readonly cluster: Readonly<Record<string, string>> }[];
    readonly users: readonly { readonly user: Readonly<Record<string, string>> }[];
  };
  const [server, user] = [clusters[0]?.cluster ?? {}, users[0]?.user ?? {}];
  const pem = (text: string | undefined): string => Buffer.from(text ?? '', 'base64').toString();
  const [cert, key] = [user['client-certificate-data'], user['client-key-data']];
  return {
    url: server['server'] ?? '',
    tls: {
      ca: pem(server['certificate-authority-data']),
      ...(cert === undefined ? {} : { cert: pem(cert), key: pem(key) }),
    },
    headers: user['token'] === undefined ? {} : { authorization: `Bearer ${user['token']}` },
  };
}
