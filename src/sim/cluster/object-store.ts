import type { JsonObject } from '../../core/facts/json.ts';
import { childOf, nameOf, textAt } from '../../core/recording/object-parts.ts';
import { RESOURCE_TYPES, type ResourceType } from '../../core/subject/kinds.ts';
import { ObjectHistory } from './object-history.ts';
import type { StoredObject } from './stored-object.ts';

/** Where an object is; the namespace is empty for cluster-scoped resources. */
export interface ObjectPlace {
  readonly type: ResourceType;
  readonly namespace: string;
  readonly name: string;
}

/** The objects of a simulated cluster. Every change gives the cluster and the object a new resource version. */
export class ObjectStore {
  /** For watches; what is put at the beginning is forgotten. */
  readonly history = new ObjectHistory();
  readonly #tables = new Map<ResourceType, Map<string, StoredObject>>();
  readonly #sorted = new Map<ResourceType, readonly StoredObject[]>();
  #version = 1;
  #oldest = 1;

  /** The version of the newest change. */
  get version(): number {
    return this.#version;
  }

  /** The oldest version of which lists can still be continued. */
  get oldestVersion(): number {
    return this.#oldest;
  }

  /** Forgets what was before now: lists that were begun cannot be continued consistently. */
  compact(): void {
    this.#version += 1;
    this.#oldest = this.#version;
  }

  /** Adds or replaces an object; a resource version that it brings along is kept. */
  put(object: JsonObject, recordedAt?: number): void {
    const { kind, namespace, name } = nameOf(object);
    const type = RESOURCE_TYPES.find((known) => known.kind === kind);
    if (type === undefined) {
      throw new TypeError(`the simulated cluster has no resource for kind ${kind}`);
    }
    const metadata = childOf(object, 'metadata');
    const own = Number(textAt(metadata, 'resourceVersion'));
    this.#version = Math.max(this.#version + 1, Number.isSafeInteger(own) ? own : 0);
    const versioned = own > 0 ? object : { ...object, metadata: { ...metadata, resourceVersion: `${this.#version}` } };
    const stored = { object: versioned, ...(recordedAt === undefined ? {} : { recordedAt }) };
    const key = keyOf(type, namespace, name);
    const before = this.#table(type).get(key);
    this.#table(type).set(key, stored);
    this.#sorted.delete(type);
    this.history.add({ version: this.#version, type, ...(before === undefined ? {} : { before }), after: stored });
  }

  /** Removes an object; false when there is none. */
  remove({ type, namespace, name }: ObjectPlace): boolean {
    const key = keyOf(type, namespace, name);
    const before = this.#table(type).get(key);
    if (before === undefined) {
      return false;
    }
    this.#version += 1;
    this.#sorted.delete(type);
    this.#table(type).delete(key);
    this.history.add({ version: this.#version, type, before });
    return true;
  }

  get({ type, namespace, name }: ObjectPlace): StoredObject | undefined {
    return this.#table(type).get(keyOf(type, namespace, name));
  }

  /** The objects of a type in the order of their keys; of one namespace unless it is empty. */
  list(type: ResourceType, namespace: string): readonly StoredObject[] {
    const all = this.#sorted.get(type) ?? this.#sort(type);
    return namespace === '' ? all : all.filter(({ object }) => nameOf(object).namespace === namespace);
  }

  #sort(type: ResourceType): readonly StoredObject[] {
    const entries = [...this.#table(type)].toSorted(([a], [b]) => (a < b ? -1 : 1));
    const sorted = entries.map(([, stored]) => stored);
    this.#sorted.set(type, sorted);
    return sorted;
  }

  #table(type: ResourceType): Map<string, StoredObject> {
    const known = this.#tables.get(type);
    const table = known ?? new Map<string, StoredObject>();
    if (known === undefined) {
      this.#tables.set(type, table);
    }
    return table;
  }
}

/** The key that lists are ordered by. */
export function keyOf(type: ResourceType, namespace: string, name: string): string {
  return type.namespaced ? `${namespace}/${name}` : name;
}
