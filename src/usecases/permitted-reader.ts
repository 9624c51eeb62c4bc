import { HIDDEN_NAME } from '../core/facts/hidden-name.ts';
import type { Json, JsonObject } from '../core/facts/json.ts';
import { matchesPattern } from '../core/policy/namespace-pattern.ts';
import { couldNotRead, getWords, listReadWords, logWords, type ReadWords } from '../core/reading/read-words.ts';
import type { ResourceType } from '../core/subject/kinds.ts';
import type { ClusterReader, GetQuery, ListQuery, ListResult, Unreadable } from '../ports/cluster-reader.ts';
import { askRunbook } from './ask-runbook.ts';
import type { NamespaceFilter } from './resolve-name.ts';

const WHY = 'whoever asked may not ask about that namespace';

/**
 * The same reader for somebody who may ask about some namespaces only. A log or an event can name any namespace, so
 * without it whoever writes one decides what is read. Lists over all namespaces stay whole, since playbooks count and
 * add up what is in them; what is in other namespaces has no name there.
 */
export function permittedReader(reader: ClusterReader, mayRead: NamespaceFilter): ClusterReader {
  const allowed = ({ resource, namespace }: Place): boolean =>
    namespace === undefined || !resource.namespaced || isNodeLease(resource) || mayRead(namespace);
  return {
    get: async (query) => (allowed(itsPlace(query)) ? reader.get(query) : refused(getWords(query))),
    list: async (query) =>
      allowed(query) ? named(query, await reader.list(query), mayRead) : refused(listReadWords(query)),
    logs: async (query) => (mayRead(query.namespace) ? reader.logs(query) : refused(logWords(query))),
    // Images are in no namespace, as the PersistentVolumes that name them.
    runbook: (query) => askRunbook(reader, query),
    serverTime: () => reader.serverTime(),
    requestCount: () => reader.requestCount(),
  };
}

/** Lets through these namespaces and those that fit one of the patterns, in which `*` stands for any characters. */
export function namespaceFilter(own: readonly string[], patterns: readonly string[]): NamespaceFilter {
  return (namespace) => own.includes(namespace) || patterns.some((pattern) => matchesPattern(pattern, namespace));
}

interface Place {
  readonly resource: ResourceType;
  readonly namespace?: string;
}

/** A Namespace belongs to those who may ask about it. */
function itsPlace({ resource, namespace, name }: GetQuery): Place {
  return isNamespace(resource)
    ? { resource: { ...resource, namespaced: true }, namespace: name }
    : { resource, ...(namespace === undefined ? {} : { namespace }) };
}

function isNamespace({ group, resource }: ResourceType): boolean {
  return group === '' && resource === 'namespaces';
}

/** The heartbeats of nodes say nothing about what runs in a namespace. */
function isNodeLease({ resource }: ResourceType): boolean {
  return resource === 'leases';
}

function refused(words: ReadWords): Unreadable {
  return { kind: 'unreadable', why: 'forbidden', message: couldNotRead(words, WHY) };
}

function named({ resource, namespace }: ListQuery, result: ListResult, mayRead: NamespaceFilter): ListResult {
  if (result.kind === 'found' && isNamespace(resource)) {
    return { ...result, objects: result.objects.map((object) => hiddenNamespace(object, mayRead)) };
  }
  return result.kind === 'found' && resource.namespaced && namespace === undefined
    ? { ...result, objects: result.objects.map((object) => hiddenUnless(object, mayRead)) }
    : result;
}

function hiddenUnless(object: JsonObject, mayRead: NamespaceFilter): JsonObject {
  const metadata = objectOf(object['metadata']);
  const { namespace } = metadata;
  if (typeof namespace === 'string' && mayRead(namespace)) {
    return object;
  }
  const { ownerReferences: _owners, generateName: _begin, ...rest } = metadata;
  const { involvedObject } = object;
  return {
    ...object,
    metadata: { ...rest, name: HIDDEN_NAME, namespace: HIDDEN_NAME },
    ...(involvedObject === undefined
      ? {}
      : { involvedObject: { ...objectOf(involvedObject), name: HIDDEN_NAME, namespace: HIDDEN_NAME } }),
  };
}

/** Its labels and annotations are chosen by those whose it is. */
function hiddenNamespace(object: JsonObject, mayRead: NamespaceFilter): JsonObject {
  const metadata = objectOf(object['metadata']);
  const { name } = metadata;
  if (typeof name === 'string' && mayRead(name)) {
    return object;
  }
  const {
    labels: _labels,
    annotations: _annotations,
    ownerReferences: _owners,
    generateName: _begin,
    ...rest
  } = metadata;
  return { ...object, metadata: { ...rest, name: HIDDEN_NAME } };
}

function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !isList(value) ? value : {};
}

function isList(value: JsonObject | readonly Json[]): value is readonly Json[] {
  return Array.isArray(value);
}
