import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { candidatePorts, freePort } from '../../../src/cli/try/free-port.ts';

describe('candidate ports', () => {
  it.each([
    [0, [0]],
    [4747, [4747, 4748, 4749]],
    [65_534, [65_534, 65_535]],
  ])('after %d', (port, expected) => {
    expect(candidatePorts(port, 3)).toEqual(expected);
  });
});

describe('a free port', () => {
  it('is not one that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const address = other.address();
    const taken = typeof address === 'object' ? (address?.port ?? 0) : 0;

    const port = await freePort([taken]);

    expect({ differs: port !== taken, isOne: port > 0 }).toEqual({ differs: true, isOne: true });
  });

  it('is the first of those that can be had', async () => {
    const free = await freePort([]);

    expect(await freePort([free])).toBe(free);
  });
});
