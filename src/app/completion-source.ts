import type { Config } from '../config/config.ts';
import type { JsonObject } from '../core/facts/json.ts';
import { type ResourceType, resourceOf } from '../core/subject/kinds.ts';
import { type ClusterChoice, openChosenCluster } from './open-cluster.ts';
import type { LoadPlaybooks } from './playbooks.ts';

/** Names for the completion of a command line; whatever cannot be read is left out. */
export interface CompletionSource {
  names(type: ResourceType): Promise<readonly string[]>;
  namespaces(): Promise<readonly string[]>;
  contexts(): Promise<readonly string[]>;
  playbooks(): Promise<readonly { readonly word: string; readonly says: string }[]>;
}

/** Where the names are looked for. */
export interface CompletionPlace extends ClusterChoice {
  readonly namespace?: string | undefined;
}

/** A person who pressed the tab key does not wait longer. */
const LIMIT_MS = 2000;
const MOST_NAMES = 500;

/** The sources of names; nothing is read before it is asked for. */
export function openCompletionSource(
  place: CompletionPlace,
  config: Config,
  loadPlaybooks: LoadPlaybooks,
): CompletionSource {
  return {
    names: (type) => withinLimit(list(type, type.namespaced, place, config)),
    namespaces: () => withinLimit(list(resourceOf('Namespace'), false, place, config)),
    async contexts() {
      const { contextNames } = await import('./context-names.ts');
      return contextNames({ kubeconfig: place.kubeconfig ?? config.kubeconfig, home: config.home });
    },
    async playbooks() {
      const playbooks = await loadPlaybooks(config.playbookFolders);
      return playbooks.map(({ name, title }) => ({ word: name, says: title }));
    },
  };
}

async function list(
  resource: ResourceType,
  inNamespace: boolean,
  place: CompletionPlace,
  config: Config,
): Promise<readonly string[]> {
  const cluster = await openChosenCluster(place, config, { interactive: false, pluginTimeoutMs: LIMIT_MS });
  const reader = cluster.question({ deadlineMs: LIMIT_MS, requestTimeoutMs: LIMIT_MS });
  const namespace = inNamespace ? { namespace: place.namespace ?? cluster.namespace } : {};
  const result = await reader.list({ resource, ...namespace, metadataOnly: true, limit: MOST_NAMES });
  return result.kind === 'found' ? result.objects.map(nameOf) : [];
}

async function withinLimit(names: Promise<readonly string[]>): Promise<readonly string[]> {
  const limit = Promise.withResolvers<readonly string[]>();
  const timer = setTimeout(() => {
    limit.resolve([]);
  }, LIMIT_MS);
  try {
    return await Promise.race([names.catch(() => []), limit.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function nameOf(object: JsonObject): string {
  const metadata = object['metadata'];
  const name = typeof metadata === 'object' && metadata !== null && 'name' in metadata ? metadata['name'] : undefined;
  return typeof name === 'string' ? name : '';
}
