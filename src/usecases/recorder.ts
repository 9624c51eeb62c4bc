import {
  queryKey,
  type RecordedOutcome,
  type RecordedQuery,
  type RecordedRead,
  type SessionRecording,
} from '../core/recording/recording.ts';
import type { ClusterReader } from '../ports/cluster-reader.ts';
import { askRunbook } from './ask-runbook.ts';

/** What a recording says besides the reads. */
export interface RecordingMeta {
  /** What was asked about, as it was typed. */
  readonly subject: string;
  /** Used when no answer told the API server's time. */
  readonly now: Date;
  readonly kubernetesVersion?: string;
}

/** A reader that remembers what it answers. */
export interface Recorder {
  readonly reader: ClusterReader;
  /** Everything that was read so far. */
  recording(meta: RecordingMeta): SessionRecording;
}

/** Records a reader; give it a reader that redacts, since recordings are stored and shared. */
export function recordingReader(reader: ClusterReader): Recorder {
  const log = new ReadLog(reader);
  return {
    reader: {
      get: (query) => log.remember({ verb: 'get', ...query }, () => reader.get(query)),
      list: (query) => log.remember({ verb: 'list', ...query }, () => reader.list(query)),
      logs: (query) => log.remember({ verb: 'logs', ...query }, () => reader.logs(query)),
      runbook: (query) => log.remember({ verb: 'runbook', ...query }, () => askRunbook(reader, query)),
      serverTime: () => reader.serverTime(),
      requestCount: () => reader.requestCount(),
    },
    recording({ subject, now, kubernetesVersion }) {
      const clock = (reader.serverTime() ?? now).toISOString().replace(/\.\d+Z$/, 'Z');
      const version = kubernetesVersion === undefined ? {} : { kubernetesVersion };
      return { subject, clock, ...version, closedWorld: false, reads: [...log.reads] };
    },
  };
}

class ReadLog {
  readonly reads: RecordedRead[] = [];
  readonly #reader: ClusterReader;
  readonly #lastOutcome = new Map<string, string>();
  #asked = 0;
  #underWay = 0;

  constructor(reader: ClusterReader) {
    this.#reader = reader;
  }

  async remember<T extends RecordedOutcome>(query: RecordedQuery, read: () => Promise<T>): Promise<T> {
    // Runbook steps are no requests to the API server.
    this.#asked += query.verb === 'runbook' ? 0 : 1;
    this.#underWay += 1;
    const outcome = await read().finally(() => {
      this.#underWay -= 1;
    });
    this.#keep(query, outcome);
    return outcome;
  }

  #keep(query: RecordedQuery, outcome: RecordedOutcome): void {
    const key = queryKey(query);
    const content = JSON.stringify(outcome);
    // The same answer again adds nothing: a replay repeats the last answer to a query.
    if (this.#lastOutcome.get(key) === content) {
      return;
    }
    this.#lastOutcome.set(key, content);
    // While other reads are under way, nobody knows whose requests were counted.
    const further = this.#underWay === 0 ? this.#reader.requestCount() - this.#asked : 0;
    this.reads.push({ query, outcome, ...(further > 0 ? { furtherRequests: further } : {}) });
  }
}
