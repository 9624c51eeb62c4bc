import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, Worker, workerData } from 'node:worker_threads';

/** What is sent, and when. */
export interface Sending {
  readonly port: number;
  readonly token: string;
  readonly bodies: readonly string[];
  /** In order: a body and after how many milliseconds it is sent; late ones are sent at once. */
  readonly posts: readonly { readonly body: number; readonly atMs: number }[];
  /** Posts that may be under way at once. */
  readonly connections: number;
}

/** What came of it. */
export interface Sent {
  /** Epoch milliseconds of the first post. */
  readonly startedAt: number;
  readonly seconds: number;
  /** Of every try, in milliseconds. */
  readonly latencies: readonly number[];
  /** Posts that were refused with 503 and sent again, as Alertmanager does. */
  readonly again: number;
  /** What posts were refused with for good, each once. */
  readonly refusals: readonly string[];
}

const TRIES = 5;
const AGAIN_AFTER_MS = 1000;

/** Posts payloads from a thread of its own, so that nothing else in this process delays them. */
export async function sendAlerts(sending: Sending): Promise<Sent> {
  const worker = new Worker(new URL(import.meta.url), { workerData: { sending } });
  const [sent] = (await once(worker, 'message')) as [Sent];
  await worker.terminate();
  return sent;
}

async function run({ port, token, bodies, posts, connections }: Sending): Promise<Sent> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const buffers = bodies.map((body) => Buffer.from(body));
  const latencies: number[] = [];
  const refusals = new Set<string>();
  const startedAt = Date.now();
  const start = performance.now();
  const waiting = posts.values();
  const work = async (): Promise<void> => {
    for (const { body, atMs } of waiting) {
      const early = atMs - (performance.now() - start);
      if (early > 0) {
        await pause(early);
      }
      const status = await postAgain(buffers[body] ?? Buffer.alloc(0), { port, token, agent }, latencies);
      if (status !== '200') {
        refusals.add(status);
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
  agent.destroy();
  const seconds = (performance.now() - start) / 1000;
  return { startedAt, seconds, latencies, again: latencies.length - posts.length, refusals: [...refusals] };
}

interface Place {
  readonly port: number;
  readonly token: string;
  readonly agent: Agent;
}

async function postAgain(body: Buffer, place: Place, latencies: number[]): Promise<string> {
  let status = '';
  for (let number = 0; number < TRIES && (number === 0 || status === '503'); number += 1) {
    await pause(number * AGAIN_AFTER_MS);
    const from = performance.now();
    status = await post(body, place);
    latencies.push(performance.now() - from);
  }
  return status;
}

function post(body: Buffer, { port, token, agent }: Place): Promise<string> {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': body.length,
  };
  return new Promise((resolve) => {
    const sending = request({ host: '127.0.0.1', port, path: '/alerts', method: 'POST', headers, agent }, (answer) => {
      answer.resume().once('end', () => resolve(String(answer.statusCode)));
    });
    sending.once('error', (error) => resolve(error.message));
    sending.end(body);
  });
}

const data = workerData as { readonly sending?: Sending } | null;
if (parentPort !== null && data?.sending !== undefined) {
  const sent = await run(data.sending);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort.postMessage(sent);
}
