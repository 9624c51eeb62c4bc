import { afterEach, describe, expect, it } from 'vitest';
import {
  type InternalServer,
  type Readiness,
  startInternalServer,
} from '../../../src/adapters/http/internal-server.ts';

let server: InternalServer | undefined;

afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function ask(path: string, parts: readonly Readiness[] = [], method = 'GET') {
  server = await startInternalServer({
    port: 0,
    host: '127.0.0.1',
    readiness: async () => parts,
    metrics: async () => ({ type: 'text/plain; version=0.0.4', body: 'kubewhy_questions_total 3\n' }),
  });
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
  return { status: answer.status, body: await answer.text() };
}

describe('the internal server', () => {
  it('says that the process lives', async () => {
    expect(await ask('/healthz')).toEqual({ status: 200, body: 'ok\n' });
  });

  it('is ready when every part is', async () => {
    expect(await ask('/readyz', [{ name: 'redis', ok: true }])).toEqual({ status: 200, body: 'ok     redis\n' });
  });

  it('names the part that is not ready', async () => {
    const parts = [
      { name: 'redis', ok: true },
      { name: 'slack', ok: false, detail: 'no connection' },
    ];

    expect(await ask('/readyz', parts)).toEqual({ status: 503, body: 'ok     redis\nfailed slack: no connection\n' });
  });

  it('shows the metrics', async () => {
    expect(await ask('/metrics')).toEqual({ status: 200, body: 'kubewhy_questions_total 3\n' });
  });

  it('takes no other method and knows no other path', async () => {
    const posted = await ask('/healthz', [], 'POST');
    await server?.close();
    const elsewhere = await ask('/slack/events');

    expect([posted.status, elsewhere.status]).toEqual([405, 404]);
  });

  it('says that a port is taken', async () => {
    await ask('/healthz');

    const second = startInternalServer({
      port: server?.port ?? 0,
      host: '127.0.0.1',
      readiness: async () => [],
      metrics: async () => ({ type: '', body: '' }),
    });

    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
