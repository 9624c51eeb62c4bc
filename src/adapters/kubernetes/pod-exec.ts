import { type RawData, WebSocket } from 'ws';
import { urlOf } from './ask.ts';
import { parseObject } from './judge-answer.ts';
import { addressOf } from './network-words.ts';
import { valueAt } from './object-shape.ts';
import { apiPath } from './request-path.ts';
import type { Session } from './session.ts';

/** A command in a container. */
export interface ExecRequest {
  readonly namespace: string;
  readonly pod: string;
  /** Default: the only container, or the one that the pod names as its default. */
  readonly container?: string;
  /** The program and its arguments; no shell sees them. */
  readonly command: readonly string[];
  readonly timeoutMs: number;
  /** More output than that ends the command's connection. */
  readonly maxBytes: number;
}

/** How a command in a container ended. */
export type ExecResult =
  | { readonly kind: 'ended'; readonly exitCode: number; readonly stdout: string; readonly stderr: string }
  /** It was not started: the API server refused it, or was not reached. */
  | { readonly kind: 'refused'; readonly message: string }
  /** It may have been started; nobody knows how it ended. */
  | { readonly kind: 'unknown'; readonly message: string };

const PROTOCOL = 'v5.channel.k8s.io';
const CHANNEL = { stdout: 1, stderr: 2, error: 3 } as const;

/** Runs a command in a container through `pods/exec`. Never rejects. */
export async function execInPod(session: Session, request: ExecRequest): Promise<ExecResult> {
  const path = execPath(request);
  if (path === undefined) {
    return { kind: 'refused', message: 'no pod can have that name' };
  }
  const { cluster } = session.connection;
  try {
    const { wire, credentials } = await session.access();
    const url = urlOf(cluster.server, path);
    url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:';
    const socket = new WebSocket(url, PROTOCOL, {
      agent: wire.agent,
      headers: { ...credentials.headers, 'user-agent': 'kubewhy' },
      handshakeTimeout: request.timeoutMs,
      maxPayload: request.maxBytes + 1,
      perMessageDeflate: false,
      followRedirects: false,
    });
    return await conversation(socket, request, { signal: session.signal, address: addressOf(cluster.server) });
  } catch (error) {
    return { kind: 'refused', message: error instanceof Error ? error.message : 'no credentials' };
  }
}

function execPath({ namespace, pod, container, command }: ExecRequest): string | undefined {
  const parameters = new URLSearchParams({ stdout: 'true', stderr: 'true' });
  if (container !== undefined) {
    parameters.set('container', container);
  }
  for (const word of command) {
    parameters.append('command', word);
  }
  return apiPath(['api', 'v1', 'namespaces', namespace, 'pods', pod, 'exec'], parameters);
}

function conversation(
  socket: WebSocket,
  { timeoutMs, maxBytes }: ExecRequest,
  { signal, address }: { readonly signal: AbortSignal; readonly address: string },
): Promise<ExecResult> {
  const output = new Output(maxBytes);
  let isOpen = false;
  return new Promise((resolve) => {
    const finish = (result: ExecResult): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      resolve(result);
      socket.terminate();
    };
    const lost = (message: string): void => finish({ kind: isOpen ? 'unknown' : 'refused', message });
    const stop = (): void => lost('Kubewhy stops');
    const timer = setTimeout(() => lost(`it did not end within ${timeoutMs / 1000} s`), timeoutMs);
    signal.addEventListener('abort', stop);
    socket.on('open', () => {
      isOpen = true;
    });
    socket.on('message', (data) => {
      if (!output.take(data)) {
        lost('it printed more than expected');
      }
    });
    socket.on('unexpected-response', (_request, response) => {
      response.resume();
      finish({ kind: 'refused', message: `the API server at ${address} answered ${response.statusCode ?? 0}` });
    });
    socket.on('error', (error) => lost(`the connection to ${address} broke (${error.message})`));
    socket.on('close', () =>
      finish(output.result() ?? { kind: 'unknown', message: 'the connection ended before the command did' }),
    );
  });
}

/** What came through the channels of one command. */
class Output {
  readonly #maxBytes: number;
  readonly #channels = new Map<number, Buffer[]>();
  #size = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Keeps a message; false when it is too much. */
  take(data: RawData): boolean {
    const bytes = Buffer.isBuffer(data) ? data : Buffer.concat(Array.isArray(data) ? data : [Buffer.from(data)]);
    const [channel = 0] = bytes;
    this.#size += bytes.length;
    this.#channels.set(channel, [...(this.#channels.get(channel) ?? []), bytes.subarray(1)]);
    return this.#size <= this.#maxBytes;
  }

  /** How the command ended, as the last message on the error channel says; undefined without one. */
  result(): ExecResult | undefined {
    const status = parseObject(this.#all(CHANNEL.error));
    if (status === undefined) {
      return undefined;
    }
    const said = {
      stdout: this.#all(CHANNEL.stdout).toString('utf8'),
      stderr: this.#all(CHANNEL.stderr).toString('utf8'),
    };
    if (status['status'] === 'Success') {
      return { kind: 'ended', exitCode: 0, ...said };
    }
    const exitCode = exitCodeOf(valueAt(status, ['details', 'causes']));
    const message = typeof status['message'] === 'string' ? status['message'] : 'the container runtime refused it';
    return exitCode === undefined ? { kind: 'unknown', message } : { kind: 'ended', exitCode, ...said };
  }

  #all(channel: number): Buffer {
    return Buffer.concat(this.#channels.get(channel) ?? []);
  }
}

function exitCodeOf(causes: unknown): number | undefined {
  const list: readonly unknown[] = Array.isArray(causes) ? causes : [];
  for (const cause of list) {
    if (typeof cause === 'object' && cause !== null && 'reason' in cause && cause.reason === 'ExitCode') {
      const code = 'message' in cause ? Number(cause.message) : Number.NaN;
      return Number.isInteger(code) ? code : undefined;
    }
  }
  return undefined;
}
