import { type ClientRequest, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { JsonObject } from '../../src/core/facts/json.ts';
import type { HttpQuestion } from './http-client.ts';

/** A line of a watch. */
export interface WatchLine {
  readonly type: string;
  readonly object: JsonObject;
}

/** A watch that runs. */
export interface OpenWatch {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The lines so far. */
  readonly lines: readonly WatchLine[];
  /** Waits until there are so many lines. */
  reach(count: number): Promise<readonly WatchLine[]>;
  /** Waits until the server ends it. */
  readonly ended: Promise<'in order' | 'broken'>;
  stop(): void;
}

/** Opens a watch and reads its lines. */
export function openWatch(server: string, path: string, question: HttpQuestion = {}): Promise<OpenWatch> {
  const { protocol, hostname, port } = new URL(server);
  const send = protocol === 'https:' ? httpsRequest : httpRequest;
  const { headers = {}, tls } = question;
  return new Promise((resolve, reject) => {
    const outgoing = send({ host: hostname, port, path, headers, agent: false, ...tls });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      const lines: WatchLine[] = [];
      const waiting = new Set<() => void>();
      let rest = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        const parts = `${rest}${chunk}`.split('\n');
        rest = parts.pop() ?? '';
        lines.push(...parts.map((part) => JSON.parse(part) as WatchLine));
        waiting.forEach((look) => look());
      });
      response.on('error', () => undefined);
      const ended = new Promise<'in order' | 'broken'>((end) => {
        response.on('close', () => end(response.complete ? 'in order' : 'broken'));
      });
      const { statusCode: status = 0, headers: answered } = response;
      resolve({ status, headers: answered, lines, reach: reachIn(lines, waiting), ended, stop: stopper(outgoing) });
    });
    outgoing.end();
  });
}

function reachIn(lines: readonly WatchLine[], waiting: Set<() => void>): OpenWatch['reach'] {
  return (count) =>
    new Promise((resolve) => {
      const look = (): void => {
        if (lines.length >= count) {
          waiting.delete(look);
          resolve(lines);
        }
      };
      waiting.add(look);
      look();
    });
}

function stopper(outgoing: ClientRequest): () => void {
  return () => void outgoing.destroy();
}
