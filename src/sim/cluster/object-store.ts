import type { JsonObject } from '../../core/facts/json.ts';
import { childOf, nameOf, textAt } from '../../core/recording/object-parts.ts';
import { namespacedResource } from '../../core/subject/any-resource.ts';
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
  /** By kind. */
  readonly #tables = new Map<string, Map<string, StoredObject>>();
  readonly #sorted = new Map<string, readonly StoredObject[]>();
  readonly #custom = new Map<string, ResourceType>();
  #version = 1;
  #oldest = 1;

  /** The version of the newest change. */
  get version(): number {
    return this.#version;
  }

  /** Every resource that is served: those that Kubewhy knows, and those of custom objects that were put. */
  get types(): readonly ResourceType[] {
    return [...RESOURCE_TYPES, ...this.#custom.values()];
  }

  /** The resource of a kind; undefined for one that nobody put. */
  typeOf(kind: string): ResourceType | undefined {
    return RESOURCE_TYPES.find((known) => known.kind === kind) ?? this.#custom.get(kind);
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

  /** Adds or replaces an object and returns it as stored; a resource version that it brings along is kept. */
  put(object: JsonObject, recordedAt?: number): StoredObject {
    const { kind, namespace, name } = nameOf(object);
    const type = this.typeOf(kind) ?? this.#addType(kind, textAt(object, 'apiVersion'));
    const metadata = childOf(object, 'metadata');
    const own = Number(textAt(metadata, 'resourceVersion'));
    this.#version = Math.max(this.#version + 1, Number.isSafeInteger(own) ? own : 0);
    const versioned = own > 0 ? object : { ...object, metadata: { ...metadata, resourceVersion: `${this.#version}` } };
    const stored = { object: versioned, ...(recordedAt === undefined ? {} : { recordedAt }) };
    const key = keyOf(type, namespace, name);
    const before = this.#table(type).get(key);
    this.#table(type).set(key, stored);
    this.#sorted.delete(type.kind);
    this.history.add({ version: this.#version, type, ...(before === undefined ? {} : { before }), after: stored });
    return stored;
  }

  /** Removes an object; false when there is none. */
  remove({ type, namespace, name }: ObjectPlace): boolean {
    const key = keyOf(type, namespace, name);
    const before = this.#table(type).get(key);
    if (before === undefined) {
      return false;
    }
    this.#version += 1;
    this.#sorted.delete(type.kind);
    this.#table(type).delete(key);
    this.history.add({ version: this.#version, type, before });
    return true;
  }

  get({ type, namespace, name }: ObjectPlace): StoredObject | undefined {
    return this.#table(type).get(keyOf(type, namespace, name));
  }

  /** The objects of a type in the order of their keys; of one namespace unless it is empty. */
  list(type: ResourceType, namespace: string): readonly StoredObject[] {
    const all = this.#sorted.get(type.kind) ?? this.#sort(type);
    return namespace === '' ? all : all.filter(({ object }) => nameOf(object).namespace === namespace);
  }

  /** Recordings call a kind that Kubewhy does not know by its resource: `widgets.example.com`. */
  #addType(kind: string, apiVersion: string): ResourceType {
    const dot = kind.indexOf('.');
    const [resource, group] = [kind.slice(0, Math.max(dot, 0)), kind.slice(dot + 1)];
    const type = namespacedResource({ group, version: apiVersion.split('/').at(-1) ?? '', resource });
    if (type === undefined) {
      throw new TypeError(`the simulated cluster has no resource for kind ${kind}`);
    }
    this.#custom.set(kind, type);
    return type;
  }

  #sort(type: ResourceType): readonly StoredObject[] {
    const entries = [...this.#table(type)].toSorted(([a], [b]) => (a < b ? -1 : 1));
    const sorted = entries.map(([, stored]) => stored);
    this.#sorted.set(type.kind, sorted);
    return sorted;
  }

  #table(type: ResourceType): Map<string, StoredObject> {
    const known = this.#tables.get(type.kind);
    const table = known ?? new Map<string, StoredObject>();
    if (known === undefined) {
      this.#tables.set(type.kind, table);
    }
    return table;
  }
}

/** The key that lists are ordered by. */
export function keyOf(type: ResourceType, namespace: string, name: string): string {
  return type.namespaced ? `${namespace}/${name}` : name;
}
