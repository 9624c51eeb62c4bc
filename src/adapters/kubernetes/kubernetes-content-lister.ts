import type { JsonObject } from '../../core/facts/json.ts';
import { oneLine, shorten } from '../../core/facts/text.ts';
import { childOf, childrenOf, textAt } from '../../core/recording/object-parts.ts';
import { resourceOf } from '../../core/subject/kinds.ts';
import type { Unreadable } from '../../ports/cluster-reader.ts';
import type { ContentLister, FoundContent, NamespaceContent } from '../../ports/content-lister.ts';
import type { Asker } from './ask.ts';
import { atATime } from './at-a-time.ts';
import {
  type DiscoveredResource,
  discoverResources,
  groupVersionOf,
  REQUESTS_AT_A_TIME,
} from './discover-resources.ts';
import { jsonOf, type Server } from './judge-answer.ts';
import { listObjects } from './list-objects.ts';
import { acceptList, isList } from './object-shape.ts';
import { type Read, reading } from './read.ts';
import { apiPath } from './request-path.ts';
import { unreadable } from './unreadable.ts';

/** Objects of one kind that are told. */
const MOST_OBJECTS = 20;
const LIST_BYTES = 16 * 1024 * 1024;
/** Events are no content: they go on coming while a namespace is removed. */
const EVENTS: ReadonlySet<string> = new Set(['', 'events.k8s.io']);

interface Parts {
  readonly read: Read;
  readonly server: () => Server;
}

/** Lists what a namespace holds; `begin` starts the requests of one look with their deadline. */
export function kubernetesContentLister(begin: () => Asker, server: () => Server): ContentLister {
  return { contentOf: (namespace) => contentOf(namespace, { read: reading(begin(), server), server }) };
}

async function contentOf(namespace: string, parts: Parts): Promise<NamespaceContent> {
  const [discovery, services] = await Promise.all([discoverResources(parts), unavailableServices(parts)]);
  const resources = discovery.resources.filter(({ group, resource }) => resource !== 'events' || !EVENTS.has(group));
  const lists = await atATime(resources, REQUESTS_AT_A_TIME, (resource) => listOf(resource, namespace, parts));
  const found = lists.flatMap((list) => (list.kind === 'found' ? [list.content] : []));
  const failed = discovery.failed.filter(({ groupVersion }) => !services.known.has(groupVersion));
  return {
    found: found.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
    empty: lists.filter(({ kind }) => kind === 'empty').length,
    unseen: [
      ...services.unseen,
      ...failed.map(({ why }) => why),
      ...lists.flatMap((list) => (list.kind === 'unreadable' ? [list.message] : [])),
    ],
  };
}

function nameOf({ resource, group }: Pick<FoundContent, 'resource' | 'group'>): string {
  return group === '' ? resource : `${resource}.${group}`;
}

interface Services {
  readonly unseen: readonly string[];
  /** Group versions that `unseen` speaks of. */
  readonly known: ReadonlySet<string>;
}

/** The APIServices that do not work: what their group stores cannot be seen, even if it is not discovered at all. */
async function unavailableServices({ read, server }: Parts): Promise<Services> {
  const resource = resourceOf('APIService');
  const services = await listObjects({ resource, limit: 5000 }, read, server);
  if (services.kind === 'unreadable') {
    return { unseen: [services.message], known: new Set() };
  }
  const down = services.objects.filter((service) => available(service) !== 'True');
  return {
    unseen: [
      ...down.map(serviceWords),
      ...(services.truncated ? ['could not read apiservices: there are more than Kubewhy reads'] : []),
    ],
    known: new Set(down.map(({ spec }) => groupVersionOf(specOf(spec)))),
  };
}

function specOf(spec: JsonObject[string]): { readonly group: string; readonly version: string } {
  const parent = childOf({ spec }, 'spec');
  return { group: textAt(parent, 'group'), version: textAt(parent, 'version') };
}

function availableCondition(service: JsonObject): JsonObject | undefined {
  const conditions = childrenOf(childOf(service, 'status'), 'conditions');
  return conditions.find((condition) => textAt(condition, 'type') === 'Available');
}

function available(service: JsonObject): string {
  return textAt(availableCondition(service) ?? {}, 'status');
}

function serviceWords(service: JsonObject): string {
  const condition = availableCondition(service) ?? {};
  const name = textAt(childOf(service, 'metadata'), 'name');
  const why = [textAt(condition, 'reason'), textAt(condition, 'message')].filter((part) => part !== '').join(': ');
  const words = why === '' ? 'nothing says why' : why;
  return shorten(oneLine(`could not read what APIService ${name} serves, it is not available: ${words}`), 400);
}

/** What is there of one kind, or why it cannot be seen. */
type Listed = { readonly kind: 'found'; readonly content: FoundContent } | { readonly kind: 'empty' } | Unreadable;

async function listOf(type: DiscoveredResource, namespace: string, { read, server }: Parts): Promise<Listed> {
  const { group, version, resource } = type;
  const what = `${nameOf(type)} in namespace ${namespace}`;
  const words = { what, group: what, permission: `list ${nameOf(type)}` };
  const root = group === '' ? ['api', version] : ['apis', group, version];
  const path = apiPath(
    [...root, 'namespaces', namespace, resource],
    new URLSearchParams({ limit: String(MOST_OBJECTS) }),
  );
  if (path === undefined) {
    return unreadable('invalid', words, 'no object can have such a name');
  }
  // API servers of others may know no metadata-only form.
  const accept = `${acceptList(true)},application/json`;
  const answer = await read({ path, accept, maxBytes: LIST_BYTES }, words);
  if (answer.kind === 'refused') {
    return unreadable('invalid', words, `the API server answered ${answer.status}: ${answer.message}`);
  }
  const json = answer.kind === 'unreadable' ? answer : jsonOf(answer, words, server());
  if (json.kind === 'unreadable') {
    return json;
  }
  return contentIn(json.object, type) ?? unreadable('invalid', words, 'the API server answered with no list');
}

function contentIn(list: JsonObject, type: DiscoveredResource): Listed | undefined {
  const { items, metadata } = list;
  const head = childOf({ metadata }, 'metadata');
  // Go writes an empty list of some types as null.
  if (items !== null && !isList(items)) {
    return undefined;
  }
  const objects = childrenOf(list, 'items').slice(0, MOST_OBJECTS).map(objectIn);
  const more = textAt(head, 'continue') !== '' || (isList(items) && items.length > objects.length);
  return objects.length === 0 && !more ? { kind: 'empty' } : { kind: 'found', content: { ...type, objects, more } };
}

function objectIn(item: JsonObject): FoundContent['objects'][number] {
  const metadata = childOf(item, 'metadata');
  const { finalizers } = metadata;
  const deletionTimestamp = textAt(metadata, 'deletionTimestamp');
  return {
    name: textAt(metadata, 'name'),
    uid: textAt(metadata, 'uid'),
    finalizers: isList(finalizers) ? finalizers.filter((one) => typeof one === 'string') : [],
    ...(deletionTimestamp === '' ? {} : { deletionTimestamp }),
  };
}
