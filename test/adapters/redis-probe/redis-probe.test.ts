import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probeRedis } from '../../../src/adapters/redis-probe/redis-probe.ts';
import { startRedis, type TestRedis } from '../../redis/start-redis.ts';

let open: TestRedis;
let locked: TestRedis;
const servers: Server[] = [];

beforeAll(async () => {
  [open, locked] = await Promise.all([
    startRedis({ appendfsync: 'always', maxmemory: '50mb' }),
    startRedis({ password: 'right' }),
  ]);
});

afterAll(async () => {
  await Promise.all([open.stop(), locked.stop()]);
  for (const server of servers) {
    server.close();
  }
});

/** A port where something else than Redis answers. */
async function serve(answer: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    answer(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('probeRedis', () => {
  it('finds out what a real server says about itself', async () => {
    const facts = await probeRedis(open.url);

    expect(facts).toEqual({
      kind: 'answered',
      address: `127.0.0.1:${open.port}`,
      server: expect.stringMatching(/^(?:redis|valkey)$/),
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      role: 'master',
      cluster: false,
      appendOnly: true,
      appendSync: 'always',
      evictionPolicy: 'noeviction',
      usedBytes: expect.any(Number),
      limitBytes: 50 * 1024 * 1024,
      writeFailed: false,
    });
  });

  it.each([
    ['', 'it wants a password'],
    [':wrong@', 'it does not accept the user or the password'],
  ])('says what is wrong with the credentials "%s"', async (credentials, reason) => {
    const facts = await probeRedis(`redis://${credentials}127.0.0.1:${locked.port}`);

    expect(facts).toEqual({ kind: 'failed', address: `127.0.0.1:${locked.port}`, why: 'credentials', reason });
  });

  it('says that nothing listens', async () => {
    const port = await serve(() => {});
    servers.at(-1)?.close();

    expect(await probeRedis(`redis://127.0.0.1:${port}`)).toMatchObject({ why: 'unreachable', reason: 'ECONNREFUSED' });
  });

  it('does not wait for a server that hangs', async () => {
    const port = await serve(() => {});

    expect(await probeRedis(`redis://127.0.0.1:${port}`, 200)).toMatchObject({ why: 'timeout' });
  });

  it('says that something else answers', async () => {
    const port = await serve((socket) => socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));

    expect(await probeRedis(`redis://127.0.0.1:${port}`, 2000)).toMatchObject({
      why: 'unreachable',
      reason: 'what answers there is not Redis',
    });
  });

  it('shows no password', async () => {
    const facts = await probeRedis('redis://ann:hidden@127.0.0.1:1');

    expect(JSON.stringify(facts)).not.toMatch(/hidden|ann/);
  });
});
