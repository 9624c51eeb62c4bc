import { getWords, listReadWords, logWords, runbookWords } from '../../core/reading/read-words.ts';
import {
  queryKey,
  type RecordedOutcome,
  type RecordedQuery,
  type RecordedRead,
  type SessionRecording,
} from '../../core/recording/recording.ts';
import type { ClusterReader, GetResult, ListResult, LogResult, RunbookResult } from '../../ports/cluster-reader.ts';

/** Repeats the answers of a recorded question; a query that was asked several times gets its answers in their order. */
export function sessionClusterReader(recording: SessionRecording): ClusterReader {
  const answers = new Map<string, readonly RecordedRead[]>();
  for (const read of recording.reads) {
    const key = queryKey(read.query);
    answers.set(key, [...(answers.get(key) ?? []), read]);
  }
  const asked = new Map<string, number>();
  let count = 0;
  let further = 0;

  function answer(query: RecordedQuery): RecordedOutcome {
    const key = queryKey(query);
    const known = answers.get(key) ?? [];
    const turn = asked.get(key) ?? 0;
    asked.set(key, turn + 1);
    // Runbook steps are no requests to the API server.
    count += query.verb === 'runbook' ? 0 : 1;
    const read = known[Math.min(turn, known.length - 1)];
    further = Math.max(further, read?.furtherRequests ?? 0);
    return read?.outcome ?? { kind: 'unreadable', why: 'not-recorded', message: notRecorded(query) };
  }

  // The key holds the verb, so an outcome has the shape of its query's answer.
  return {
    get: async (query) => answer({ verb: 'get', ...query }) as GetResult,
    list: async (query) => answer({ verb: 'list', ...query }) as ListResult,
    logs: async (query) => answer({ verb: 'logs', ...query }) as LogResult,
    runbook: async (query) => answer({ verb: 'runbook', ...query }) as RunbookResult,
    serverTime: () => new Date(recording.clock),
    requestCount: () => count + further,
  };
}

function notRecorded(query: RecordedQuery): string {
  return `${wordsOf(query)} is not in the recording`;
}

function wordsOf(query: RecordedQuery): string {
  if (query.verb === 'logs') {
    return logWords(query).what;
  }
  if (query.verb === 'runbook') {
    return runbookWords(query).what;
  }
  return query.verb === 'get' ? getWords(query).what : `the list of ${listReadWords(query).what}`;
}
