import { connect } from 'node:net';

/** Where a server listens, and what it asks for. */
export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly password: string;
}

const TIMEOUT_MS = 2000;

/** Whether the server accepts the password and answers; a foreign server on the port does not. */
export function pingRedis({ host, port, password }: RedisAddress): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port });
  let answer = '';
  socket.setEncoding('utf8');
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy());
  socket.on('error', () => resolve(false));
  socket.on('close', () => resolve(false));
  socket.on('data', (text: string) => {
    answer += text;
    if (answer.includes('\r\n', answer.indexOf('\r\n') + 2)) {
      resolve(answer === '+OK\r\n+PONG\r\n');
      socket.destroy();
    }
  });
  socket.write(`AUTH ${password}\r\nPING\r\n`);
  return promise;
}
