import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openCluster } from '../../../src/adapters/kubernetes/kubernetes-cluster.ts';
import type { CaseUnreadable, RecordedRead, Recording } from '../../../src/core/recording/recording.ts';
import { resourceOf } from '../../../src/core/subject/kinds.ts';
import type { ClusterReader } from '../../../src/ports/cluster-reader.ts';
import { type ClusterSim, type ClusterSimOptions, startClusterSim } from '../../../src/sim/cluster/cluster-sim.ts';
import type { FaultEffect } from '../../../src/sim/cluster/faults.ts';
import { type HttpAnswer, type HttpQuestion, sendHttp } from '../../contract/http-client.ts';
import { contractRecording, contractUsers } from './contract-cluster.ts';

const MAPS = '/api/v1/namespaces/shop/configmaps';
const CONFIG_MAP = resourceOf('ConfigMap');

async function start(options: Partial<ClusterSimOptions> = {}): Promise<ClusterSim> {
  const sim = await startClusterSim({ recordings: [contractRecording('shop')], ...options });
  onTestFinished(() => sim.close());
  return sim;
}

function send(sim: ClusterSim, path: string, question: HttpQuestion = {}): Promise<HttpAnswer> {
  const headers = { authorization: `Bearer ${sim.token}`, ...question.headers };
  return sendHttp(sim.url, path, { ...question, headers });
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kubewhy-sim-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

async function readerOf(sim: ClusterSim, requestTimeoutMs = 5000): Promise<ClusterReader> {
  const kubeconfig = join(await temporaryFolder(), 'config');
  await sim.writeKubeconfig(kubeconfig);
  const cluster = openCluster({ kubeconfig });
  onTestFinished(() => cluster.close());
  return cluster.question({ requestTimeoutMs, sleep: async () => {} });
}

test('has the time that it is given', async () => {
  const sim = await start({ now: () => new Date('2031-05-06T07:08:09.5Z') });

  const answer = await send(sim, `${MAPS}/one`);

  expect(answer.headers.date).toBe('Tue, 06 May 2031 07:08:09 GMT');
  expect(answer.json).toMatchObject({ metadata: { creationTimestamp: '2031-05-06T06:08:09Z' } });
});

test('remembers its requests', async () => {
  const sim = await start();
  await send(sim, '/version', { headers: { accept: 'application/json' } });
  await sendHttp(sim.url, '/apis?x=1', { method: 'DELETE' });
  await sendHttp(sim.url, '/', { headers: { authorization: 'Bearer other' } });

  expect(sim.requestCount()).toBe(3);
  expect(sim.requests()).toEqual([
    { method: 'GET', url: '/version', accept: 'application/json', user: 'system:serviceaccount:kubewhy:kubewhy' },
    { method: 'DELETE', url: '/apis?x=1', accept: '', user: 'system:anonymous' },
    { method: 'GET', url: '/', accept: '', user: '' },
  ]);
});

test('says the version that it is given', async () => {
  const sim = await start({ version: 'v1.27.3' });

  const { json } = await send(sim, '/version');

  expect(json).toMatchObject({ major: '1', minor: '27', gitVersion: 'v1.27.3' });
});

test('writes a kubeconfig that only its owner may read', async () => {
  const sim = await start();
  const file = join(await temporaryFolder(), 'config');

  await sim.writeKubeconfig(file);

  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(openCluster({ kubeconfig: file })).toMatchObject({ context: 'sim', namespace: 'default' });
});

test('is written to only by whom it is allowed, and only as Kubewhy writes', async () => {
  const methods = ['POST', 'PUT', 'PATCH', 'DELETE'];
  const [reading, mighty] = [await start(), await start({ users: contractUsers('shop') })];

  const refused = await Promise.all(methods.map((method) => send(reading, `${MAPS}/one`, { method })));
  const impossible = await Promise.all(['POST', 'PUT'].map((method) => send(mighty, `${MAPS}/one`, { method })));
  const created = await send(mighty, MAPS, { method: 'POST', body: '{}' });

  expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  expect([...impossible, created].map(({ status }) => status)).toEqual([405, 405, 405]);
  expect([reading.writes(), mighty.writes()]).toEqual([[], []]);
});

test('remembers what was changed, and tells it', async () => {
  const sim = await start({ users: contractUsers('shop') });
  const heard: string[] = [];
  const silent = sim.onWrite(({ verb, name }) => heard.push(`${verb} ${name}`));
  const patch = (body: string, query = ''): Promise<unknown> =>
    send(sim, `${MAPS}/one${query}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body,
    });

  await patch('{"data":{"greeting":"tried"}}', '?dryRun=All');
  await patch('{"data":{"greeting":"hello from one"}}');
  await patch('{"data":{"greeting":"new"}}');
  await send(sim, `${MAPS}/two`, { method: 'DELETE' });
  silent();
  await send(sim, `${MAPS}/three`, { method: 'DELETE' });

  expect(heard).toEqual(['patch one', 'delete two']);
  expect(sim.writes()).toMatchObject([
    {
      verb: 'patch',
      resource: 'configmaps',
      namespace: 'shop',
      before: { data: {} },
      after: { data: { greeting: 'new' } },
    },
    { verb: 'delete', name: 'two', before: { kind: 'ConfigMap' } },
    { verb: 'delete', name: 'three' },
  ]);
  expect(sim.writes()[1]).not.toHaveProperty('after');
});

test.each([
  ['reset', { kind: 'reset' }],
  ['hang', { kind: 'hang' }],
  ['503', { kind: 'status', status: 503 }],
] as const)('a %s after the effect hides only the answer, one before it hides the effect', async (_what, effect) => {
  const sim = await start({ users: contractUsers('shop') });
  const remove = async (name: string, after: boolean): Promise<unknown> => {
    sim.faults.add({ path: `${MAPS}/${name}`, method: 'DELETE', effect: { ...effect, after } });
    const signal = AbortSignal.timeout(200);
    const headers = { authorization: `Bearer ${sim.token}` };
    return fetch(`${sim.url}${MAPS}/${name}`, { method: 'DELETE', headers, signal }).catch(() => undefined);
  };

  await remove('one', true);
  await remove('two', false);

  expect(sim.writes().map(({ name }) => name)).toEqual(['one']);
});

test('goes on with a list that was begun before, unless it has expired', async () => {
  const sim = await start();
  const first = await send(sim, `${MAPS}?limit=1`);
  const { continue: token } = first.json['metadata'] as Readonly<Record<string, string>>;
  const path = `${MAPS}?limit=1&continue=${token}`;

  const before = await send(sim, path);
  sim.expireLists();
  const after = await send(sim, path);

  expect(before.json).toMatchObject({ items: [{ metadata: { name: 'three' } }] });
  expect(after.json).toMatchObject({ reason: 'Expired', code: 410 });
});

test('says of a log what the recorded cluster said', async () => {
  const namespace = 'shop';
  const object = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace },
    spec: { containers: [{ name: 'app' }] },
  };
  const message = 'the pod has no node yet, so it has no log';
  const reads: readonly RecordedRead[] = [
    { query: { verb: 'get', resource: resourceOf('Pod'), namespace, name: 'web' }, outcome: { kind: 'found', object } },
    { query: { verb: 'logs', namespace, pod: 'web', container: 'app' }, outcome: { kind: 'missing', message } },
  ];
  const recording: Recording = { closedWorld: false, subject: 'pod/web', clock: '2026-01-31T12:00:00Z', reads };
  const sim = await start({ recordings: [recording] });

  const answer = await send(sim, '/api/v1/namespaces/shop/pods/web/log');
  const result = await (await readerOf(sim)).logs({ namespace, pod: 'web', container: 'app' });

  expect([answer.status, answer.text, result]).toEqual([204, '', { kind: 'missing', message }]);
});

describe('a read that its recording could not do', () => {
  const withFailure = (unreadable: CaseUnreadable): Recording => ({
    ...contractRecording('shop'),
    unreadable: [unreadable],
  });

  test.each([
    ['forbidden', 'could not read configmaps in namespace shop; the missing permission is `get configmaps`'],
    ['unauthorized', 'does not accept the credentials'],
    ['unavailable', 'answered 503'],
    ['timeout', 'answered 504'],
    ['invalid', 'a web page'],
  ] as const)('is %s here as well', async (why, words) => {
    const sim = await start({ recordings: [withFailure({ resource: 'configmaps', why })] });
    const reader = await readerOf(sim);

    const result = await reader.get({ resource: CONFIG_MAP, namespace: 'shop', name: 'one' });

    expect(result).toEqual({ kind: 'unreadable', why, message: expect.stringContaining(words) });
  });

  test('works elsewhere', async () => {
    const recordings = [withFailure({ resource: 'configmaps', why: 'forbidden' }), contractRecording('blog')];
    const sim = await start({ recordings });

    const answer = await send(sim, '/api/v1/namespaces/blog/configmaps/one');

    expect(answer.status).toBe(200);
  });
});

describe('a fault', () => {
  const readWith = async (effect: FaultEffect, times?: number): Promise<[string, number]> => {
    const sim = await start();
    sim.faults.add({
      path: '/api/v1/*/configmaps/*',
      method: 'GET',
      effect,
      ...(times === undefined ? {} : { times }),
    });
    const waits = ['hang', 'slow-body', 'delay'].includes(effect.kind) && times === undefined;
    const reader = await readerOf(sim, waits ? 200 : undefined);
    const result = await reader.get({ resource: CONFIG_MAP, namespace: 'shop', name: 'one' });
    return [result.kind === 'unreadable' ? result.message : result.kind, sim.requestCount()];
  };

  test.each([
    [{ kind: 'status', status: 503 }, 'answered 503: a scripted fault', 4],
    [{ kind: 'status', status: 429, retryAfterSeconds: 1 }, 'answered 429: Too many requests', 4],
    [{ kind: 'body', status: 200, contentType: 'text/html', body: '<html>log in</html>' }, 'a web page', 1],
    [{ kind: 'hang' }, 'did not answer within 200 ms', 1],
    [{ kind: 'reset' }, 'connection', 4],
    [{ kind: 'reset', midway: true }, 'connection', 4],
    [{ kind: 'delay', ms: 5000 }, 'did not answer within 200 ms', 1],
    [{ kind: 'slow-body', pieces: 50, pauseMs: 100 }, 'did not answer within 200 ms', 1],
  ] as const)('is what a reader sees: %o', async (effect, words, count) => {
    const [message, requests] = await readWith(effect);

    expect([message, requests]).toEqual([expect.stringContaining(words), count]);
  });

  test.each([
    [{ kind: 'status', status: 500 }, 1, 2],
    [{ kind: 'reset' }, 2, 3],
    [{ kind: 'delay', ms: 5 }, 1, 1],
    [{ kind: 'slow-body', pieces: 3, pauseMs: 1 }, 1, 1],
  ] as const)('is overcome: %o', async (effect, times, count) => {
    expect(await readWith(effect, times)).toEqual(['found', count]);
  });

  test('says when to come again', async () => {
    const sim = await start();
    sim.faults.add({ path: MAPS, effect: { kind: 'status', status: 429, retryAfterSeconds: 7 } });

    const answer = await send(sim, MAPS);

    expect([answer.status, answer.headers['retry-after']]).toEqual([429, '7']);
    expect(answer.json).toMatchObject({ reason: 'TooManyRequests', details: { retryAfterSeconds: 7 } });
  });

  test.each([
    ['/version', true],
    ['*', true],
    ['/v*n', true],
    ['*ers*', true],
    ['/versio', false],
    ['/version*x', false],
    ['/ver*ersion', false],
  ])('meets the paths that its pattern fits: %s', async (path, fits) => {
    const sim = await start();
    sim.faults.add({ path, effect: { kind: 'status', status: 500 } });

    const { status } = await send(sim, '/version');

    expect(status).toBe(fits ? 500 : 200);
  });

  test('can be taken back', async () => {
    const sim = await start();
    const remove = sim.faults.add({ path: '*', effect: { kind: 'status', status: 500 } });
    const during = await send(sim, '/version');
    remove();
    const after = await send(sim, '/version');
    sim.faults.add({ path: '*', effect: { kind: 'status', status: 500 } });
    sim.faults.clear();
    const cleared = await send(sim, '/version');

    expect([during.status, after.status, cleared.status]).toEqual([500, 200, 200]);
  });
});

test('ends requests that wait when it is closed', async () => {
  const sim = await startClusterSim({ recordings: [] });
  sim.faults.add({ path: '*', effect: { kind: 'hang' } });
  const waiting = send(sim, '/version').catch((error: unknown) => error);
  await expect.poll(() => sim.requestCount()).toBe(1);

  await sim.close();

  expect(await waiting).toBeInstanceOf(Error);
});

describe('a recording that cannot be loaded', () => {
  test.each([
    ['is not there', undefined, 'no such file'],
    ['is not YAML', 'a: [', 'recording'],
    ['is no recording', 'closedWorld: true\n', 'clock'],
  ])('%s', async (_what, text, words) => {
    const folder = await temporaryFolder();
    if (text !== undefined) {
      await writeFile(join(folder, 'recording.yaml'), text);
    }

    const starting = startClusterSim({ recordings: [folder] });

    await expect(starting).rejects.toMatchObject({
      code: 'RECORDING_INVALID',
      message: expect.stringContaining(words),
    });
  });
});

test('serves custom objects, which its discovery and the content of their namespace tell', async () => {
  const sim = await start({ recordings: [] });
  const kind = 'widgets.example.com';
  const metadata = { name: 'one', namespace: 'default', uid: 'u-1', finalizers: ['example.com/keep'] };
  sim.put({ apiVersion: 'example.com/v2', kind, metadata });
  const folder = await temporaryFolder();
  await sim.writeKubeconfig(join(folder, 'config'));
  const cluster = openCluster({ kubeconfig: join(folder, 'config') });
  onTestFinished(() => cluster.close());

  const answer = await send(sim, '/apis/example.com/v2/namespaces/default/widgets/one');
  const { found, unseen } = await cluster.content().contentOf('default');

  expect([answer.status, answer.json]).toMatchObject([
    200,
    { apiVersion: 'example.com/v2', metadata: { name: 'one' } },
  ]);
  expect(found).toEqual([
    {
      resource: 'widgets',
      group: 'example.com',
      version: 'v2',
      objects: [{ name: 'one', uid: 'u-1', finalizers: ['example.com/keep'] }],
      more: false,
    },
  ]);
  expect(unseen).toEqual([]);
  expect(sim.remove({ kind, namespace: 'default', name: 'one' })).toBe(true);
  expect(() => sim.put({ apiVersion: 'v1', kind: 'Nothing', metadata })).toThrow('no resource for kind Nothing');
});
