import { caseClusterReader } from '../../src/adapters/recording/case-cluster-reader.ts';
import type { JsonObject } from '../../src/core/facts/json.ts';
import { completeObjects } from '../../src/core/recording/case-document.ts';
import type { CaseLog, CaseRunbook, CaseUnreadable, RecordedQuery } from '../../src/core/recording/recording.ts';
import type {
  ClusterReader,
  GetQuery,
  GetResult,
  ListQuery,
  ListResult,
  LogQuery,
  LogResult,
  RunbookResult,
  Unreadable,
} from '../../src/ports/cluster-reader.ts';
import { askRunbook } from '../../src/usecases/ask-runbook.ts';

/** What a fake cluster holds; objects and events may leave out what the API server always sets. */
export interface FakeContent {
  readonly objects?: readonly JsonObject[];
  readonly events?: readonly JsonObject[];
  readonly logs?: readonly (Omit<CaseLog, 'namespace' | 'previous'> & Partial<CaseLog>)[];
  readonly unreadable?: readonly CaseUnreadable[];
  /** What runbook steps print; absent: there is no place for them. */
  readonly runbook?: readonly CaseRunbook[];
  /** Where objects live that name no namespace. */
  readonly namespace?: string;
  readonly clock?: string;
}

/** Looks at a query before it is answered: waits, fails it, or lets it pass. */
export type Injection = (query: RecordedQuery) => Promise<Unreadable | undefined> | Unreadable | undefined;

/** A cluster in memory that answers as an API server does; remembers what it was asked. */
export class FakeCluster implements ClusterReader {
  readonly queries: RecordedQuery[] = [];
  readonly runbook?: NonNullable<ClusterReader['runbook']>;
  readonly #reader: ClusterReader;
  readonly #inject: Injection;

  constructor(content: FakeContent, inject: Injection = () => undefined) {
    const { namespace = 'default', clock = '2026-01-31T12:00:00Z' } = content;
    const created = new Date(Date.parse(clock) - 3_600_000).toISOString();
    this.#inject = inject;
    this.#reader = caseClusterReader({
      closedWorld: true,
      subject: '',
      clock,
      objects: completeObjects(content.objects ?? [], content.events ?? [], { namespace, clock, created }),
      logs: (content.logs ?? []).map((log) => ({ namespace, previous: false, ...log })),
      unreadable: content.unreadable ?? [],
      ...(content.runbook === undefined ? {} : { runbook: content.runbook }),
    });
    if (content.runbook !== undefined) {
      this.runbook = async (query): Promise<RunbookResult> =>
        (await this.#ask({ verb: 'runbook', ...query })) ?? askRunbook(this.#reader, query);
    }
  }

  async get(query: GetQuery): Promise<GetResult> {
    const failure = await this.#ask({ verb: 'get', ...query });
    return failure ?? this.#reader.get(query);
  }

  async list(query: ListQuery): Promise<ListResult> {
    const failure = await this.#ask({ verb: 'list', ...query });
    return failure ?? this.#reader.list(query);
  }

  async logs(query: LogQuery): Promise<LogResult> {
    const failure = await this.#ask({ verb: 'logs', ...query });
    return failure ?? this.#reader.logs(query);
  }

  serverTime(): Date | undefined {
    return this.#reader.serverTime();
  }

  requestCount(): number {
    return this.queries.filter(({ verb }) => verb !== 'runbook').length;
  }

  #ask(query: RecordedQuery): Promise<Unreadable | undefined> | Unreadable | undefined {
    this.queries.push(query);
    return this.#inject(query);
  }
}
