import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { delimiter, join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type ClusterOptions, openCluster } from '../../../src/adapters/kubernetes/kubernetes-cluster.ts';
import { KubewhyError } from '../../../src/core/errors/kubewhy-error.ts';
import { resourceOf } from '../../../src/core/subject/kinds.ts';
import {
  openTestCluster,
  sendJson,
  sendStatus,
  startApiServer,
  temporaryFolder,
  testCertificates,
  writeKubeconfig,
} from './api-server.ts';

// Only a hang should ever take this long.
vi.setConfig({ testTimeout: 60_000 });

const POD = { resource: resourceOf('Pod'), namespace: 'shop', name: 'web-0' } as const;
const POD_OBJECT = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web-0', namespace: 'shop' } };

function write(name: string, content: string): string {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, content);
  return file;
}

function problem(options: ClusterOptions): Pick<KubewhyError, 'code' | 'message' | 'hint'> {
  try {
    openCluster(options);
  } catch (error) {
    if (error instanceof KubewhyError) {
      return { code: error.code, message: error.message, hint: error.hint };
    }
    throw error;
  }
  throw new Error('the cluster was opened');
}

function kubeconfig(name: string, fields: { readonly current?: string; readonly server?: string } = {}): string {
  return `
apiVersion: v1
kind: Config
${fields.current === undefined ? '' : `current-context: ${fields.current}`}
contexts:
- name: ${name}
  context: {cluster: ${name}, user: ${name}, namespace: ${name}-namespace}
clusters:
- name: ${name}
  cluster: {server: "${fields.server ?? `https://${name}.invalid:6443`}"}
users:
- name: ${name}
  user: {token: t}
`;
}

describe('a kubeconfig', () => {
  test('names the cluster, its address and the namespace', () => {
    const cluster = openTestCluster({ kubeconfig: write('config', kubeconfig('lab', { current: 'lab' })) });

    expect(cluster).toMatchObject({
      context: 'lab',
      name: 'lab',
      address: 'lab.invalid:6443',
      namespace: 'lab-namespace',
    });
  });

  test('in the home directory is used when none is named', () => {
    const home = temporaryFolder();
    mkdirSync(join(home, '.kube'));
    writeFileSync(join(home, '.kube', 'config'), kubeconfig('lab', { current: 'lab' }));

    expect(openTestCluster({ home }).name).toBe('lab');
  });

  test('of several, the first that names something wins, and missing ones are skipped', () => {
    const first = write('first', kubeconfig('one', { current: 'one' }));
    const second = write('second', kubeconfig('one', { current: 'two', server: 'https://other.invalid' }));
    const third = write('third', kubeconfig('three'));
    const files = ['/does/not/exist', first, second, third].join(delimiter);

    expect(openTestCluster({ kubeconfig: files })).toMatchObject({ context: 'one', address: 'one.invalid:6443' });
    expect(openTestCluster({ kubeconfig: files, context: 'three' })).toMatchObject({ address: 'three.invalid:6443' });
  });

  test('may be JSON', () => {
    expect(openTestCluster({ kubeconfig: writeKubeconfig('https://json.invalid') }).address).toBe('json.invalid:443');
  });

  test.each([
    ['no file', { kubeconfig: '/does/not/exist' }, 'The kubeconfig file does not exist: /does/not/exist.'],
    ['no files', { kubeconfig: '/no/one:/no/two' }, 'The kubeconfig files do not exist: /no/one and /no/two.'],
    [
      'nothing at all',
      { home: '/does/not/exist' },
      'There is no kubeconfig: neither --kubeconfig nor KUBECONFIG is set, and ~/.kube/config does not exist.',
    ],
    ['a folder', { kubeconfig: '/tmp' }, 'The kubeconfig /tmp cannot be read: it is a directory.'],
  ])('that is missing: %s', (_title, options, message) => {
    expect(problem(options)).toMatchObject({ code: 'KUBECONFIG_INVALID', message });
  });

  test.each([
    ['not YAML', 'contexts: [\n  token: "hunter2', /is not valid YAML: .*line 2/],
    ['not JSON', '{"token": "hunter2" hunter2', /is not valid YAML: it cannot be parsed\.$/],
    ['a text', 'hunter2', /it holds no mapping/],
    ['binary', '\u0000\u0001\u0002', /is not|holds no/],
    ['an alias bomb', aliasBomb(), /is not valid YAML/],
    ['empty', '', /has no current context\. It has no contexts\.$/],
    ['without a current context', kubeconfig('lab'), /has no current context\. The contexts are: lab\.$/],
    [
      'with an unknown cluster',
      kubeconfig('lab', { current: 'lab' }).replace('cluster: lab', 'cluster: lap'),
      /the cluster "lap", which is not in/,
    ],
    [
      'with an unknown user',
      kubeconfig('lab', { current: 'lab' }).replace('user: lab', 'user: lap'),
      /the user "lap", which is not in/,
    ],
    [
      'without an address',
      kubeconfig('lab', { current: 'lab', server: '' }),
      /The cluster "lab" in .* has no usable address/,
    ],
    ['with a wrong address', kubeconfig('lab', { current: 'lab', server: 'api:6443' }), /has no usable address/],
  ])('that is %s', (_title, text, message) => {
    const shown = problem({ kubeconfig: write('config', text) });

    expect(shown).toMatchObject({ code: 'KUBECONFIG_INVALID', message: expect.stringMatching(message) });
    expect(JSON.stringify(shown)).not.toContain('hunter2');
  });

  test('without the wanted context names the nearest and all', () => {
    const file = write('config', kubeconfig('staging', { current: 'staging' }));

    expect(problem({ kubeconfig: file, context: 'stagign' })).toEqual({
      code: 'KUBECONFIG_INVALID',
      message: `The context "stagign" is not in ${file}. Did you mean \`staging\`? The contexts are: staging.`,
      hint: 'Choose a context with --context or correct current-context.',
    });
  });
});

describe('a service account', () => {
  test('is used inside a cluster', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'token'), 'pod-token\n');
    writeFileSync(join(folder, 'namespace'), 'bots');
    writeFileSync(join(folder, 'ca.crt'), testCertificates().ca);
    const server = await startApiServer((_request, response) => sendJson(response, POD_OBJECT));

    const cluster = openTestCluster({ inCluster: { host: '127.0.0.1', port: String(server.port), folder } });
    const result = await cluster.question().get(POD);

    expect([cluster.namespace, result.kind]).toEqual(['bots', 'found']);
    expect(server.requests[0]?.headers.authorization).toBe('Bearer pod-token');
  });
});

describe('credentials', () => {
  async function headersFor(user: object): Promise<IncomingMessage['headers']> {
    const server = await startApiServer((_request, response) => sendJson(response, POD_OBJECT));
    await openTestCluster({ kubeconfig: writeKubeconfig(server.url, { user }) })
      .question()
      .get(POD);
    return server.requests[0]?.headers ?? {};
  }

  test('from a token file, which comes before the token', async () => {
    const tokenFile = write('token', 'from-file\n');

    expect(await headersFor({ tokenFile, token: 'other' })).toMatchObject({ authorization: 'Bearer from-file' });
  });

  test('by name and password', async () => {
    expect(await headersFor({ username: 'me', password: 'pä' })).toMatchObject({
      authorization: `Basic ${Buffer.from('me:pä').toString('base64')}`,
    });
  });

  test('that act as somebody else', async () => {
    expect(await headersFor({ token: 't', as: 'ann', 'as-groups': ['devs', 'ops'] })).toMatchObject({
      'impersonate-user': 'ann',
      'impersonate-group': 'devs, ops',
    });
  });

  test('by client certificate', async () => {
    const { clientCert, clientKey } = testCertificates();
    const subjects: string[] = [];
    const server = await startApiServer((request, response) => {
      subjects.push(String((request.socket as TLSSocket).getPeerCertificate().subject.CN));
      sendJson(response, POD_OBJECT);
    });
    const user = {
      'client-certificate-data': clientCert.toString('base64'),
      'client-key-data': clientKey.toString('base64'),
    };

    await openTestCluster({ kubeconfig: writeKubeconfig(server.url, { user }) })
      .question()
      .get(POD);

    expect(subjects).toEqual(['person']);
  });

  test.each([
    [
      'a certificate that is no PEM',
      { 'client-certificate-data': 'aGVsbG8=', 'client-key-data': 'aGVsbG8=' },
      /is not valid PEM/,
    ],
    [
      'a missing file',
      { 'client-certificate': '/no/cert.pem', 'client-key': '/no/key.pem' },
      /client certificate .* \/no\/cert\.pem/,
    ],
    ['a missing token file', { tokenFile: '/no/token' }, /token .* \/no\/token/],
  ])('that are %s', async (_title, user, message) => {
    const cluster = openTestCluster({ kubeconfig: writeKubeconfig('https://127.0.0.1:1', { user }) });

    await expect(cluster.question().get(POD)).rejects.toMatchObject({
      code: 'KUBECONFIG_INVALID',
      message: expect.stringMatching(message),
    });
  });

  test('of an auth provider', async () => {
    const payload = Buffer.from(JSON.stringify({ exp: 4_000_000_000 })).toString('base64url');
    const token = `e30.${payload}.c2ln`;

    const headers = await headersFor({ 'auth-provider': { name: 'oidc', config: { 'id-token': token } } });

    expect(headers.authorization).toBe(`Bearer ${token}`);
  });
});

describe('a server certificate', () => {
  test('of an unknown authority is not accepted', async () => {
    const server = await startApiServer((_request, response) => sendJson(response, POD_OBJECT));
    const kubeconfig = writeKubeconfig(server.url, { cluster: { 'certificate-authority-data': '' } });

    expect(await openTestCluster({ kubeconfig }).question().get(POD)).toMatchObject({
      why: 'unavailable',
      message: expect.stringMatching(
        /shows a (?:self-signed certificate|certificate of an authority) that the kubeconfig does not trust$/,
      ),
    });
    expect(server.requests).toEqual([]);
  });

  test('for another name is not accepted', async () => {
    const server = await startApiServer((_request, response) => sendJson(response, POD_OBJECT));
    const kubeconfig = writeKubeconfig(server.url, { cluster: { 'tls-server-name': 'other.example' } });

    expect(await openTestCluster({ kubeconfig }).question().get(POD)).toMatchObject({
      message: expect.stringMatching(/issued for another name$/),
    });
  });

  test('is not looked at when the kubeconfig says so', async () => {
    const server = await startApiServer((_request, response) => sendJson(response, POD_OBJECT));
    const cluster = { 'certificate-authority-data': '', 'insecure-skip-tls-verify': true };
    const kubeconfig = writeKubeconfig(server.url, { cluster });

    expect(await openTestCluster({ kubeconfig }).question().get(POD)).toMatchObject({ kind: 'found' });
  });
});

describe('a credential plug-in', () => {
  function plugin(script: string): string {
    const file = write('plugin', `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  function credential(status: string): string {
    return `echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":${status}}'`;
  }

  function exec(command: string, fields: object = {}): object {
    return { exec: { apiVersion: 'client.authentication.k8s.io/v1', command, ...fields } };
  }

  test('gives a token, once for all questions', async () => {
    const counter = join(temporaryFolder(), 'runs');
    const command = plugin(`echo run >> ${counter}\n${credential('{"token":"\'"$PLUGIN_TOKEN"\'"}')}`);
    const server = await startApiServer((_request, response) => sendJson(response, POD_OBJECT));
    const user = exec(command, { env: [{ name: 'PLUGIN_TOKEN', value: 'from-plugin' }] });
    const cluster = openTestCluster({
      kubeconfig: writeKubeconfig(server.url, { user }),
      pluginEnv: { PATH: process.env['PATH'] },
    });

    await Promise.all([cluster.question().get(POD), cluster.question().get(POD)]);
    await cluster.question().get(POD);

    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(Array(3).fill('Bearer from-plugin'));
    expect(readFileSync(counter, 'utf8')).toBe('run\n');
  });

  test('learns about the cluster, and only the environment it is given', async () => {
    const seen = join(temporaryFolder(), 'seen');
    const command = plugin(`printf '%s|%s' "$KUBERNETES_EXEC_INFO" "$HOME" > ${seen}\n${credential('{"token":"t"}')}`);
    const server = await startApiServer((_request, response) => sendJson(response, POD_OBJECT));
    const user = exec(command, { provideClusterInfo: true });

    await openTestCluster({ kubeconfig: writeKubeconfig(server.url, { user }) })
      .question()
      .get(POD);

    const [info, home] = readFileSync(seen, 'utf8').split('|');
    expect(JSON.parse(info ?? '')).toMatchObject({
      kind: 'ExecCredential',
      spec: { interactive: false, cluster: { server: server.url } },
    });
    expect(home).toBe('');
  });

  test('is asked again after a 401', async () => {
    const counter = join(temporaryFolder(), 'runs');
    const command = plugin(`echo run >> ${counter}\n${credential(`{"token":"token-'"$(wc -l < ${counter})"'"}`)}`);
    const server = await startApiServer((request, response) =>
      request.headers.authorization === 'Bearer token-1'
        ? sendStatus(response, 401, 'Unauthorized')
        : sendJson(response, POD_OBJECT),
    );
    const cluster = openTestCluster({
      kubeconfig: writeKubeconfig(server.url, { user: exec(command) }),
      pluginEnv: { PATH: process.env['PATH'] },
    });

    expect(await cluster.question().get(POD)).toMatchObject({ kind: 'found' });
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2']);
  });

  test('whose credentials have expired', async () => {
    const command = plugin(credential('{"token":"t","expirationTimestamp":"2020-01-01T00:00:00Z"}'));
    const server = await startApiServer((_request, response) => sendStatus(response, 401, 'Unauthorized'));
    const cluster = openTestCluster({ kubeconfig: writeKubeconfig(server.url, { user: exec(command) }) });

    expect(await cluster.question().get(POD)).toMatchObject({
      why: 'unauthorized',
      message: expect.stringMatching(/does not accept the credentials, they expired at 2020-01-01T00:00:00\.000Z$/),
    });
  });

  test.each([
    [
      'fails',
      'echo starting >&2; echo "token=hunter2hunter2 has expired" >&2; exit 7',
      /failed with exit code 7: token=.* has expired\.$/,
    ],
    ['prints no JSON', 'echo hunter2', /printed something that is not JSON\.$/],
    ['prints no credentials', credential('{}'), /printed no token and no client certificate\.$/],
    ['hangs', 'exec sleep 60', /was stopped \(SIGKILL\)\.$/],
  ])('that %s', async (_title, script, message) => {
    const user = exec(plugin(script));
    const cluster = openTestCluster({
      kubeconfig: writeKubeconfig('https://127.0.0.1:1', { user }),
      pluginEnv: { PATH: process.env['PATH'] },
      pluginTimeoutMs: script.includes('sleep') ? 1000 : 30_000,
    });

    const error = await cluster
      .question()
      .get(POD)
      .catch((cause: unknown) => cause);

    expect(error).toMatchObject({ code: 'CREDENTIALS_REJECTED', message: expect.stringMatching(message) });
    expect((error as Error).message).not.toContain('hunter2');
  });

  test('that is not installed', async () => {
    const user = exec('kubewhy-no-such-plugin', { installHint: 'Install it with your package manager.' });
    const cluster = openTestCluster({ kubeconfig: writeKubeconfig('https://127.0.0.1:1', { user }) });

    await expect(cluster.question().get(POD)).rejects.toMatchObject({
      code: 'KUBECONFIG_INVALID',
      message:
        'The credential plug-in `kubewhy-no-such-plugin` that the kubeconfig names is not installed or not in PATH.',
      hint: 'Install it with your package manager.',
    });
  });
});

describe('a proxy', () => {
  interface Proxy {
    readonly url: string;
    readonly tunnels: readonly string[];
  }

  async function startProxy(accept = true): Promise<Proxy> {
    const tunnels: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request: IncomingMessage, socket) => {
      tunnels.push(request.url ?? '');
      socket.on('error', () => {});
      if (!accept) {
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
        return;
      }
      const [host, port] = (request.url ?? '').split(':');
      const target = connect(Number(port), host, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        target.pipe(socket);
        socket.pipe(target);
      });
      target.on('error', () => socket.destroy());
    });
    await new Promise<void>((resolve) => {
      proxy.listen(0, '127.0.0.1', resolve);
    });
    onTestFinished(() => {
      proxy.closeAllConnections();
      proxy.close();
    });
    return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, tunnels };
  }

  test('of the kubeconfig is used', async () => {
    const server = await startApiServer((_request, response) => sendJson(response, POD_OBJECT));
    const proxy = await startProxy();
    const cluster = openTestCluster({
      kubeconfig: writeKubeconfig(server.url, { cluster: { 'proxy-url': proxy.url } }),
    });

    const results = [await cluster.question().get(POD), await cluster.question().get(POD)];

    expect(results.map(({ kind }) => kind)).toEqual(['found', 'found']);
    expect(proxy.tunnels).toEqual([`127.0.0.1:${server.port}`]);
  });

  test('of the environment is used unless the address is excepted', async () => {
    const server = await startApiServer((_request, response) => sendJson(response, POD_OBJECT));
    const proxy = await startProxy();
    const kubeconfig = writeKubeconfig(server.url);
    const through = openTestCluster({ kubeconfig, proxy: { httpsProxy: proxy.url } });
    const past = openTestCluster({ kubeconfig, proxy: { httpsProxy: proxy.url, noProxy: '127.0.0.1' } });

    const results = [await through.question().get(POD), await past.question().get(POD)];

    expect(results.map(({ kind }) => kind)).toEqual(['found', 'found']);
    expect(proxy.tunnels).toHaveLength(1);
  });

  test('that refuses is named as the reason', async () => {
    const proxy = await startProxy(false);
    const kubeconfig = writeKubeconfig('https://127.0.0.1:6443', { cluster: { 'proxy-url': proxy.url } });

    expect(await openTestCluster({ kubeconfig }).question().get(POD)).toMatchObject({
      why: 'unavailable',
      message: expect.stringMatching(/proxy/),
    });
  });

  test('that speaks SOCKS is used', async () => {
    const server = await startApiServer((_request, response) => sendJson(response, POD_OBJECT));
    const socks = await startSocks();
    const cluster = { 'proxy-url': `socks5://127.0.0.1:${socks.port}` };

    const result = await openTestCluster({ kubeconfig: writeKubeconfig(server.url, { cluster }) })
      .question()
      .get(POD);

    expect([result, socks.targets]).toEqual([{ kind: 'found', object: POD_OBJECT }, [`127.0.0.1:${server.port}`]]);
  });
});

/** The part of SOCKS 5 that a connection to an IPv4 address needs. */
async function startSocks(): Promise<{ readonly port: number; readonly targets: readonly string[] }> {
  const targets: string[] = [];
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(Buffer.from([5, 0]));
      socket.once('data', (request) => {
        const host = [...request.subarray(4, 8)].join('.');
        const port = request.readUInt16BE(8);
        targets.push(`${host}:${port}`);
        const target = connect(port, host, () => {
          socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
          target.pipe(socket);
          socket.pipe(target);
        });
        target.on('error', () => socket.destroy());
      });
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, targets };
}

describe('plain HTTP', () => {
  async function startPlain(): Promise<number> {
    const server = createServer((_request, response) => sendJson(response, POD_OBJECT));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return (server.address() as AddressInfo).port;
  }

  test('is spoken when the kubeconfig says so, as with `kubectl proxy`', async () => {
    const kubeconfig = writeKubeconfig(`http://127.0.0.1:${await startPlain()}`);

    expect(await openTestCluster({ kubeconfig }).question().get(POD)).toEqual({ kind: 'found', object: POD_OBJECT });
  });

  test('at an address that should speak HTTPS is named as the reason', async () => {
    const kubeconfig = writeKubeconfig(`https://127.0.0.1:${await startPlain()}`);

    expect(await openTestCluster({ kubeconfig }).question().get(POD)).toMatchObject({
      why: 'unavailable',
      message: expect.stringMatching(/does not speak TLS/),
    });
  });
});

describe('closing', () => {
  test('ends open requests', async () => {
    const server = await startApiServer(() => {});
    const cluster = openTestCluster({ kubeconfig: writeKubeconfig(server.url) });
    const result = cluster.question().get(POD);
    await expect.poll(() => server.requests.length).toBe(1);

    cluster.close();

    expect(await result).toMatchObject({ why: 'unavailable', message: expect.stringMatching(/Kubewhy is stopping$/) });
  });
});

function aliasBomb(): string {
  const levels = Array.from(
    { length: 9 },
    (_, level) => `l${level + 1}: &l${level + 1} [${Array(9).fill(`*l${level}`).join(', ')}]`,
  );
  return `l0: &l0 [x, x, x, x, x, x, x, x, x]\n${levels.join('\n')}\n`;
}

describe('whoever wants to hear of requests', () => {
  test('is told of each attempt whether the API server answered it, by whatever but overload or failure', async () => {
    const heard: boolean[] = [];
    const statuses = [200, 404, 403, 503, 200, 429, 200];
    const server = await startApiServer((_request, response, count) =>
      sendJson(response, { kind: 'Pod', metadata: { name: 'web-0' } }, statuses[count - 1] ?? 200),
    );
    const cluster = openTestCluster({ kubeconfig: writeKubeconfig(server.url), heard: (ok) => heard.push(ok) });
    const reader = cluster.question({ sleep: async () => undefined });
    const query = { resource: resourceOf('Pod'), namespace: 'shop', name: 'web-0' };
    for (let time = 0; time < 5; time += 1) {
      await reader.get(query);
    }

    expect(heard).toEqual([true, true, true, false, true, false, true]);
  });

  test('is told of a server that is not there', async () => {
    const heard: boolean[] = [];
    const cluster = openTestCluster({
      kubeconfig: writeKubeconfig('https://127.0.0.1:1'),
      heard: (ok) => heard.push(ok),
    });

    await cluster.question({ sleep: async () => undefined }).list({ resource: resourceOf('Node') });

    expect(new Set(heard)).toEqual(new Set([false]));
  });
});
