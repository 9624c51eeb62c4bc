import type { ResourceType } from '../../core/subject/kinds.ts';
import type { GetQuery, ListQuery, LogQuery } from '../../ports/cluster-reader.ts';

/** Lines of a log that are asked for. */
export const LOG_LINES = 200;
/**
 * The server stops after this many bytes, counted from the oldest line asked for; large enough that the newest line is
 * nearly always among them.
 */
export const LOG_BYTES = 512 * 1024;

/** Whether a text can be one segment of an API path; every object's name is one. */
function isPathSegment(text: string): boolean {
  return text !== '' && text !== '.' && text !== '..' && !/[/%]/.test(text);
}

/** The path of one object; undefined when no object can have such a name. */
export function objectPath({ resource, namespace, name }: GetQuery): string | undefined {
  const collection = collectionPath(resource, namespace);
  if (collection === undefined || !isPathSegment(name) || (resource.namespaced && namespace === undefined)) {
    return undefined;
  }
  return `${collection}/${encodeURIComponent(name)}`;
}

/** The path of one page of a list; undefined when no namespace can have such a name. */
export function listPath(
  query: ListQuery,
  page: { readonly limit: number; readonly token: string },
): string | undefined {
  const collection = collectionPath(query.resource, query.namespace);
  const parameters = new URLSearchParams({ limit: String(page.limit) });
  const optional = { labelSelector: query.labelSelector, fieldSelector: query.fieldSelector, continue: page.token };
  for (const [key, value] of Object.entries(optional)) {
    if (value !== undefined && value !== '') {
      parameters.set(key, value);
    }
  }
  return collection === undefined ? undefined : `${collection}?${parameters.toString()}`;
}

/** The path of a watch from a resource version on; undefined when no namespace can have such a name. */
export function watchPath(
  { resource, namespace }: Pick<ListQuery, 'resource' | 'namespace'>,
  from: { readonly version: string; readonly seconds: number },
): string | undefined {
  const collection = collectionPath(resource, namespace);
  const parameters = new URLSearchParams({
    watch: 'true',
    allowWatchBookmarks: 'true',
    resourceVersion: from.version,
    timeoutSeconds: String(from.seconds),
  });
  return collection === undefined ? undefined : `${collection}?${parameters.toString()}`;
}

/** The path of a container's log; undefined when no pod can have such a name. */
export function logPath({ namespace, pod, container, previous }: LogQuery, lines: number): string | undefined {
  if (!isPathSegment(namespace) || !isPathSegment(pod)) {
    return undefined;
  }
  const parameters = new URLSearchParams({ container, tailLines: String(lines), limitBytes: String(LOG_BYTES) });
  if (previous === true) {
    parameters.set('previous', 'true');
  }
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log?${parameters.toString()}`;
}

/**
 * A path under `/api` or `/apis`, with its query. Undefined when a part cannot be one: the API server reads `%2F` as a slash and `..` as a step
 * up, so that escaping alone would let a name reach another object or subresource.
 */
export function apiPath(parts: readonly string[], parameters: URLSearchParams): string | undefined {
  if ((parts[0] !== 'api' && parts[0] !== 'apis') || !parts.every(isPathSegment)) {
    return undefined;
  }
  const query = parameters.toString();
  return `/${parts.map(encodeURIComponent).join('/')}${query === '' ? '' : `?${query}`}`;
}

function collectionPath(resource: ResourceType, namespace: string | undefined): string | undefined {
  const group = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`;
  if (!resource.namespaced || namespace === undefined) {
    return `${group}/${resource.resource}`;
  }
  return isPathSegment(namespace)
    ? `${group}/namespaces/${encodeURIComponent(namespace)}/${resource.resource}`
    : undefined;
}
