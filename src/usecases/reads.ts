import type { JsonObject } from '../core/facts/json.ts';
import { asKube, type KubeObject } from '../core/facts/kube-types.ts';
import type { ResourceType } from '../core/subject/kinds.ts';
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

/** The reads of one question: each is sent once, their number is limited, failures are remembered. */
export interface Reads {
  get(query: GetQuery): Promise<GetResult>;
  list(query: ListQuery): Promise<ListResult>;
  logs(query: LogQuery): Promise<LogResult>;
  /** Costs no API request. */
  runbook(query: RunbookQuery): Promise<RunbookResult>;
  /** One sentence per read that failed, in the order of asking, without repeats. */
  unread(): readonly string[];
}

/** Limits the reads made from now on to `budget` API requests (retries and further pages included). */
export function limitReads(cluster: ClusterReader, budget: number): Reads {
  return new LimitedReads(cluster, budget);
}

class LimitedReads implements Reads {
  readonly #cluster: ClusterReader;
  readonly #budget: number;
  readonly #before: number;
  readonly #answers = new Map<string, Promise<GetResult | ListResult | LogResult>>();
  readonly #listed = new Map<string, JsonObject>();
  readonly #failures = new Set<string>();
  #asked = 0;

  constructor(cluster: ClusterReader, budget: number) {
    this.#cluster = cluster;
    this.#budget = budget;
    this.#before = cluster.requestCount();
  }

  /** An object that a list of this question already brought is not asked for again. */
  async get(query: GetQuery): Promise<GetResult> {
    const object = this.#listed.get(objectKey(query.resource, query.namespace, query.name));
    return object === undefined
      ? this.#once(`${query.resource.resource} get ${JSON.stringify(query)}`, () => this.#cluster.get(query))
      : { kind: 'found', object: { kind: query.resource.kind, ...object } };
  }

  async list(query: ListQuery): Promise<ListResult> {
    const key = `${query.resource.resource} list ${JSON.stringify(query)}`;
    const result = await this.#once(key, () => this.#cluster.list(query));
    if (result.kind === 'found' && query.metadataOnly !== true) {
      for (const object of result.objects) {
        const { name, namespace } = asKube<KubeObject>(object).metadata ?? {};
        this.#listed.set(objectKey(query.resource, namespace, name ?? ''), object);
      }
    }
    return result;
  }

  logs(query: LogQuery): Promise<LogResult> {
    return this.#once(`pods/log get ${JSON.stringify(query)}`, () => this.#cluster.logs(query));
  }

  runbook(query: RunbookQuery): Promise<RunbookResult> {
    return this.#remember(`${query.read} run ${JSON.stringify(query)}`, () => askRunbook(this.#cluster, query));
  }

  unread(): readonly string[] {
    return [...this.#failures];
  }

  async #once<T extends GetResult | ListResult | LogResult>(
    key: string,
    read: () => Promise<T>,
  ): Promise<T | Unreadable> {
    const known = this.#answers.get(key);
    if (known !== undefined) {
      // The key holds the verb and the whole query, so the answer has the type of the first asking.
      return (await known) as T;
    }
    if (Math.max(this.#asked, this.#cluster.requestCount() - this.#before) >= this.#budget) {
      const message = `${key.split(' ', 1)[0] ?? ''}: left out, the question had used its ${this.#budget} API requests`;
      this.#failures.add(message);
      return { kind: 'unreadable', why: 'budget', message };
    }
    this.#asked += 1;
    return this.#remember(key, read);
  }

  async #remember<T extends GetResult | ListResult | LogResult>(key: string, read: () => Promise<T>): Promise<T> {
    // The key holds what is read, so the answer has the type of the first asking.
    const answer = (this.#answers.get(key) as Promise<T> | undefined) ?? read();
    this.#answers.set(key, answer);
    const result = await answer;
    if (result.kind === 'unreadable') {
      this.#failures.add(result.message);
    }
    return result;
  }
}

function objectKey(resource: ResourceType, namespace: string | undefined, name: string): string {
  return `${resource.group}/${resource.resource} ${namespace ?? ''}/${name}`;
}
