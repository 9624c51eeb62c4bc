import type {
  ClusterReader,
  GetQuery,
  GetResult,
  ListQuery,
  ListResult,
  LogQuery,
  LogResult,
  RunbookQuery,
  RunbookResult,
  Unreadable,
} from '../ports/cluster-reader.ts';
import { askRunbook } from './ask-runbook.ts';

/** A reader whose time is limited. */
export interface LateReader extends ClusterReader {
  /** Nothing more is read with it. */
  end(): void;
}

/**
 * A reader that opens its cluster when it is asked first. From `limitMs` milliseconds after its creation on, whatever
 * was not answered by then, the opening included, is unreadable. Reads throw what opening throws.
 */
export function lateReader(open: () => Promise<ClusterReader>, limitMs: number): LateReader {
  return new TimedReader(open, limitMs);
}

class TimedReader implements LateReader {
  readonly #open: () => Promise<ClusterReader>;
  readonly #late: Unreadable;
  readonly #over: Promise<Unreadable>;
  readonly #timer: NodeJS.Timeout;
  #isOver = false;
  #opening: Promise<ClusterReader> | undefined;
  #opened: ClusterReader | undefined;

  constructor(open: () => Promise<ClusterReader>, limitMs: number) {
    this.#open = open;
    this.#late = {
      kind: 'unreadable',
      why: 'timeout',
      message: `the cluster did not answer within ${limitMs / 1000} seconds`,
    };
    const { promise, resolve } = Promise.withResolvers<Unreadable>();
    this.#over = promise;
    this.#timer = setTimeout(() => {
      this.#isOver = true;
      resolve(this.#late);
    }, limitMs);
  }

  get(query: GetQuery): Promise<GetResult> {
    return this.#ask((reader) => reader.get(query));
  }

  list(query: ListQuery): Promise<ListResult> {
    return this.#ask((reader) => reader.list(query));
  }

  logs(query: LogQuery): Promise<LogResult> {
    return this.#ask((reader) => reader.logs(query));
  }

  runbook(query: RunbookQuery): Promise<RunbookResult> {
    return this.#ask((reader) => askRunbook(reader, query));
  }

  serverTime(): Date | undefined {
    return this.#opened?.serverTime();
  }

  requestCount(): number {
    return this.#opened?.requestCount() ?? 0;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#isOver = true;
  }

  async #ask<T>(read: (reader: ClusterReader) => Promise<T>): Promise<T | Unreadable> {
    return this.#isOver ? this.#late : Promise.race([this.#cluster().then(read), this.#over]);
  }

  async #cluster(): Promise<ClusterReader> {
    this.#opening ??= this.#open();
    this.#opened = await this.#opening;
    return this.#opened;
  }
}
