import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createSlackFetch } from '../../../src/adapters/slack/slack-fetch.ts';

describe('createSlackFetch', () => {
  let server: Server | undefined;

  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function serve(listener: RequestListener): Promise<string> {
    const created = createServer(listener);
    server = created;
    await new Promise<void>((resolve) => {
      created.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(created.address() as AddressInfo).port}/`;
  }

  it('hands the answer over whole', async () => {
    const url = await serve((_request, response) => {
      response.setHeader('x-oauth-scopes', 'chat:write');
      response.end('{"ok":true}');
    });

    const response = await createSlackFetch(1000)(url);

    expect([response.status, response.headers.get('x-oauth-scopes'), await response.json()]).toEqual([
      200,
      'chat:write',
      { ok: true },
    ]);
  });

  it('does not wait for an answer that never comes', async () => {
    const url = await serve(() => undefined);

    const answer = createSlackFetch(50)(url);

    await expect(answer).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('does not wait for a body that stops in the middle', async () => {
    const url = await serve((_request, response) => {
      response.write('{"ok":');
    });

    const answer = createSlackFetch(50)(url);

    await expect(answer).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('fails when the connection dies in the middle of the body', async () => {
    const url = await serve((_request, response) => {
      response.setHeader('content-length', '100');
      response.write('{"ok":', () => response.destroy());
    });

    await expect(createSlackFetch(1000)(url)).rejects.toThrow();
  });

  it.each([[{}], [{ 'retry-after': 'soon' }]])('gives a 429 with %j a time', async (headers) => {
    const url = await serve((_request, response) => {
      response.writeHead(429, headers);
      response.end();
    });

    const response = await createSlackFetch(1000)(url);

    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '30']);
  });

  it('refuses an endless answer', async () => {
    const url = await serve((_request, response) => {
      const chunk = Buffer.alloc(64 * 1024);
      const more = () => {
        while (response.write(chunk)) {
          // Until the connection takes no more for now.
        }
      };
      response.on('drain', more);
      more();
    });

    await expect(createSlackFetch(5000)(url)).rejects.toThrow('longer than');
  });

  it('takes an answer without a body', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(204);
      response.end();
    });

    const response = await createSlackFetch(1000)(url);

    expect(response.status).toBe(204);
  });
});
