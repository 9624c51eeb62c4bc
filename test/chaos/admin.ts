import { Agent, request } from 'node:https';
import type { Access } from '../cluster/cluster-access.ts';

/** An object as the API server knows it now. */
export interface Known {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** What an administrator does by raw requests; all reject with what the API server says. */
export interface Admin {
  /** Returns what is there already, where something is. */
  post(path: string, object: object): Promise<Known>;
  /** A merge patch. */
  patch(path: string, patch: object): Promise<void>;
  delete(path: string): Promise<void>;
  /** Pods of all namespaces that have a label, as they are at this moment. */
  pods(label: string): Promise<readonly Known[]>;
}

interface RawObject {
  readonly metadata: { readonly namespace?: string; readonly name: string; readonly uid: string };
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const TIMEOUT_MS = 30_000;

/** By the administrator's way in. */
export function adminOf({ url, tls, headers }: Access): Admin {
  const agent = new Agent({ keepAlive: true, ...tls });
  const send = (method: string, path: string, body?: object): Promise<Answer> => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    const options = { method, agent, timeout: TIMEOUT_MS, headers: { ...headers, 'content-type': type } };
    const sending = request(new URL(path, url), options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) }),
      );
    });
    sending.on('timeout', () => sending.destroy(new Error(`${method} ${path}: no answer`)));
    sending.on('error', reject);
    sending.end(body === undefined ? undefined : JSON.stringify(body));
    return promise;
  };
  const must = async (method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await send(method, path, body);
    if (answer.status > 299) {
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  };
  return {
    async post(path, object) {
      const { status, body } = await send('POST', path, object);
      if (status === 409) {
        return knownOf(await must('GET', `${path}/${(object as RawObject).metadata.name}`));
      }
      if (status > 299) {
        throw new Error(`POST ${path}: ${status} ${JSON.stringify(body)}`);
      }
      return knownOf(body);
    },
    async patch(path, patch) {
      await must('PATCH', path, patch);
    },
    async delete(path) {
      await must('DELETE', path);
    },
    async pods(label) {
      const list = (await must('GET', `/api/v1/pods?labelSelector=${encodeURIComponent(label)}`)) as {
        readonly items: readonly unknown[];
      };
      return list.items.map(knownOf);
    },
  };
}

function knownOf(body: unknown): Known {
  const { namespace = '', name, uid } = (body as RawObject).metadata;
  return { namespace, name, uid };
}
