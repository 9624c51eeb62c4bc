import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/facts/json.ts';
import { resourceOf } from '../../src/core/subject/kinds.ts';
import type { ClusterReader, GetQuery, GetResult } from '../../src/ports/cluster-reader.ts';
import { readPod } from '../../src/usecases/diagnose-pod.ts';
import { limitReads, type Reads } from '../../src/usecases/reads.ts';

const found = { kind: 'found', object: { metadata: { name: 'a' } } } as const;
const forbidden = { kind: 'unreadable', why: 'forbidden', message: 'pods: get is not allowed.' } as const;

/** Answers every read, counts requests, and spends more than one where it is told to. */
class CountingCluster implements ClusterReader {
  readonly asked: string[] = [];
  readonly #answer: (name: string) => GetResult;
  readonly #cost: number;
  #requests = 0;

  constructor(answer: (name: string) => GetResult = () => found, cost = 1) {
    this.#answer = answer;
    this.#cost = cost;
  }

  async get(query: GetQuery): Promise<GetResult> {
    return this.#spend(`get ${query.name}`, () => this.#answer(query.name));
  }

  async list(): ReturnType<ClusterReader['list']> {
    return this.#spend('list', () => ({ kind: 'found', objects: [], truncated: false }));
  }

  async logs(): ReturnType<ClusterReader['logs']> {
    return this.#spend('logs', () => ({ kind: 'found', text: 'x' }));
  }

  serverTime(): undefined {
    return undefined;
  }

  requestCount(): number {
    return this.#requests;
  }

  async #spend<T>(what: string, answer: () => T): Promise<T> {
    this.asked.push(what);
    await Promise.resolve();
    this.#requests += this.#cost;
    return answer();
  }
}

function pod(name: string, more: Partial<GetQuery> = {}): GetQuery {
  return { resource: resourceOf('Pod'), namespace: 'shop', name, ...more };
}

describe('the reads of one question', () => {
  it('send the same read once, also while it is under way', async () => {
    const cluster = new CountingCluster();
    const reads = limitReads(cluster, 10);

    const answers = await Promise.all([reads.get(pod('a')), reads.get(pod('a')), reads.get(pod('b'))]);
    const again = await reads.get(pod('a'));

    expect([...answers, again]).toEqual([found, found, found, found]);
    expect(cluster.asked).toEqual(['get a', 'get b']);
  });

  it('tell apart verbs, selectors and kinds of content', async () => {
    const cluster = new CountingCluster();
    const reads = limitReads(cluster, 10);
    const resource = resourceOf('Pod');

    await reads.get(pod('a'));
    await reads.get(pod('a', { metadataOnly: true }));
    await reads.get(pod('a', { namespace: 'other' }));
    await reads.list({ resource, namespace: 'shop' });
    await reads.list({ resource, namespace: 'shop', labelSelector: 'a=b' });
    await reads.list({ resource: resourceOf('Node') });
    await reads.logs({ namespace: 'shop', pod: 'a', container: 'c' });
    await reads.logs({ namespace: 'shop', pod: 'a', container: 'c', previous: true });

    expect(cluster.asked).toHaveLength(8);
  });

  it('stop at the budget and say what was left out', async () => {
    const cluster = new CountingCluster();
    const reads = limitReads(cluster, 2);

    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((name) => reads.get(pod(name))));

    const message = 'pods: left out, the question had used its 2 API requests';
    const left = { kind: 'unreadable', why: 'budget', message };
    expect(answers).toEqual([found, found, left, left]);
    expect(cluster.asked).toEqual(['get a', 'get b']);
    expect(reads.unread()).toEqual([message]);
  });

  it('answer what is known already after the budget is used', async () => {
    const reads = limitReads(new CountingCluster(), 1);

    await reads.get(pod('a'));

    expect(await reads.get(pod('a'))).toEqual(found);
  });

  it('count retries and further pages as well', async () => {
    const cluster = new CountingCluster(() => found, 3);
    const reads = limitReads(cluster, 5);

    for (const name of ['a', 'b', 'c']) {
      await reads.get(pod(name));
    }

    expect(cluster.asked).toEqual(['get a', 'get b']);
  });

  it('name each failure once, in the order of asking', async () => {
    const gone: GetResult = { kind: 'missing', message: 'none' };
    const late = { ...forbidden, message: 'b failed' };
    const answers: Readonly<Record<string, GetResult>> = { a: forbidden, b: late, c: forbidden, d: gone };
    const reads = limitReads(new CountingCluster((name) => answers[name] ?? found), 10);

    for (const name of ['a', 'b', 'a', 'c', 'd']) {
      await reads.get(pod(name));
    }

    expect(reads.unread()).toEqual([forbidden.message, 'b failed']);
  });
});

describe('the events of a pod', () => {
  const about = (uid: string): JsonObject => ({ reason: uid, involvedObject: { uid } });

  function reader(answer: GetResult): Reads {
    const objects = [about('uid-1'), about('uid-0'), {}];
    const reads = limitReads(new CountingCluster(() => answer), 10);
    return {
      get: (query) => reads.get(query),
      list: async () => ({ kind: 'found', objects, truncated: false }),
      logs: (query) => reads.logs(query),
      runbook: (query) => reads.runbook(query),
      unread: () => reads.unread(),
    };
  }

  it('are not those of an earlier pod of the same name', async () => {
    const object = { metadata: { name: 'a', uid: 'uid-1' } };

    const { events } = await readPod({ namespace: 'shop', name: 'a' }, reader({ kind: 'found', object }));

    expect(events).toEqual([about('uid-1')]);
  });

  it('say nothing about a pod that is gone', async () => {
    const { events } = await readPod({ namespace: 'shop', name: 'a' }, reader({ kind: 'missing', message: '' }));

    expect(events.filter((event) => event['reason'] !== undefined)).toEqual([]);
  });
});
