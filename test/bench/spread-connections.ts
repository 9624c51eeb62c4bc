import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Listens on a port of this machine and gives each connection to the next of the servers behind it; resolves with how to end that. */
export async function spreadConnections(port: number, behind: readonly number[]): Promise<() => void> {
  const open = new Set<Socket>();
  let turn = 0;
  const server = createServer((incoming) => {
    const outgoing = connect(behind[turn % behind.length] ?? 0, '127.0.0.1');
    turn += 1;
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      open.add(from);
      from.pipe(to);
      from.once('error', () => to.destroy());
      from.once('close', () => open.delete(from));
    }
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return () => {
    server.close();
    open.forEach((socket) => socket.destroy());
  };
}
