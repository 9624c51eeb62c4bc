import type { JsonObject } from '../../core/facts/json.ts';
import { listWords } from '../../core/facts/text.ts';
import { resourceOf } from '../../core/subject/kinds.ts';
import type { ClusterReader, GetQuery, ListQuery, Unreadable } from '../../ports/cluster-reader.ts';
import { limitReads, type Reads } from '../reads.ts';

/** What is asked for, with the kind instead of the resource. */
export type ChangeGet = Omit<GetQuery, 'resource'> & { readonly kind: string };
export type ChangeList = Omit<ListQuery, 'resource'> & { readonly kind: string };

/** An object or its absence as far as it is known. */
export type Found = { readonly kind: 'found'; readonly object: JsonObject } | { readonly kind: 'missing' | 'unknown' };

const BUDGET = 12;

/** The reads of one search for changes: at most 12 API requests; what stayed unknown is remembered. */
export class ChangeReads {
  readonly #reads: Reads;
  readonly #failures = new Set<string>();
  readonly #leftOut = new Set<string>();

  constructor(reader: ClusterReader) {
    this.#reads = limitReads(reader, BUDGET);
  }

  async get({ kind, ...query }: ChangeGet): Promise<Found> {
    const resource = resourceOf(kind);
    const result = await this.#reads.get({ resource, ...query });
    if (result.kind !== 'unreadable') {
      return result.kind === 'found' ? { kind: 'found', object: { ...result.object, kind } } : { kind: 'missing' };
    }
    this.#note(resource.resource, result);
    return { kind: 'unknown' };
  }

  /** The objects that could be read, and whether these are all. */
  async list({
    kind,
    ...query
  }: ChangeList): Promise<{ readonly objects: readonly JsonObject[]; readonly all: boolean }> {
    const resource = resourceOf(kind);
    const result = await this.#reads.list({ resource, ...query });
    if (result.kind === 'found') {
      return { objects: result.objects.map((object) => ({ ...object, kind })), all: !result.truncated };
    }
    this.#note(resource.resource, result);
    return { objects: [], all: false };
  }

  /** The metadata of a Secret; whether that may be read is nobody's concern. */
  async secret(namespace: string, name: string): Promise<Found> {
    const result = await this.#reads.get({ resource: resourceOf('Secret'), namespace, name, metadataOnly: true });
    if (result.kind === 'found') {
      return { kind: 'found', object: { ...result.object, kind: 'Secret' } };
    }
    return { kind: result.kind === 'missing' ? 'missing' : 'unknown' };
  }

  /** Adds a sentence about what was not looked at. */
  note(sentence: string): void {
    this.#failures.add(sentence);
  }

  /** A sentence for each thing that is not known, without full stops. */
  unread(): readonly string[] {
    const leftOut = [...this.#leftOut];
    return leftOut.length === 0
      ? [...this.#failures]
      : [...this.#failures, `${listWords(leftOut)}: left out, looking for changes had used its ${BUDGET} API requests`];
  }

  #note(resource: string, { why, message }: Unreadable): void {
    if (why === 'budget') {
      this.#leftOut.add(resource);
    } else {
      this.#failures.add(message);
    }
  }
}
