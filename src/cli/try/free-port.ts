import { once } from 'node:events';
import { createServer } from 'node:net';

const LOOPBACK = '127.0.0.1';
const LARGEST = 65_535;

/** The port and those that follow it; only 0, which stands for any, when it is 0. */
export function candidatePorts(port: number, count: number): readonly number[] {
  const ports = Array.from({ length: count }, (_, index) => port + index);
  return port === 0 ? [0] : ports.filter((candidate) => candidate <= LARGEST);
}

/** The first of the ports that can be had on loopback at this moment, or another one. */
export async function freePort(candidates: readonly number[]): Promise<number> {
  for (const candidate of [...candidates, 0]) {
    const port = await portOf(candidate);
    if (port !== undefined) {
      return port;
    }
  }
  return 0;
}

/** Undefined when it is taken. */
async function portOf(candidate: number): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen(candidate, LOOPBACK);
    await once(server, 'listening');
  } catch {
    return undefined;
  }
  const address = server.address();
  const closed = once(server, 'close');
  server.close();
  await closed;
  return address === null || typeof address === 'string' ? undefined : address.port;
}
