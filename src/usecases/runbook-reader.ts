import { runRead } from '../actions/run-read.ts';
import type { ClusterReader, RunbookQuery, RunbookResult } from '../ports/cluster-reader.ts';
import type { RunbookRunner } from '../ports/runbook-runner.ts';

/** A diagnosis does not wait longer for a command; that it goes on somewhere does no harm, since it only reads. */
const LIMIT_MS = 10_000;

/** The same reader with a place for runbook steps that only read; without a runner it stays as it is. */
export function withRunbook(
  reader: ClusterReader,
  runner: RunbookRunner | undefined,
  limitMs = LIMIT_MS,
): ClusterReader {
  if (runner === undefined) {
    return reader;
  }
  return {
    get: (query) => reader.get(query),
    list: (query) => reader.list(query),
    logs: (query) => reader.logs(query),
    runbook: (query) => inTime(ask(runner, query), limitMs, `could not run ${query.read} in ${runner.place}`),
    serverTime: () => reader.serverTime(),
    requestCount: () => reader.requestCount(),
  };
}

async function ask(runner: RunbookRunner, { read, ...image }: RunbookQuery): Promise<RunbookResult> {
  const output = await runRead((step) => runner.run(step), read, image);
  if (output.kind === 'unreadable') {
    const message = `could not run ${read} in ${runner.place}: ${output.message}`;
    return { kind: 'unreadable', why: 'unavailable', message };
  }
  return output.kind === 'missing' ? output : { kind: 'found', text: output.text };
}

function inTime(answer: Promise<RunbookResult>, limitMs: number, words: string): Promise<RunbookResult> {
  const { promise: late, resolve } = Promise.withResolvers<RunbookResult>();
  const message = `${words}: it did not end within ${limitMs / 1000} s`;
  const timer = setTimeout(() => resolve({ kind: 'unreadable', why: 'timeout', message }), limitMs);
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
