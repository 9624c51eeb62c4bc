/** What a request asks for, as the API server's authorization sees it. */
export type RequestInfo = ResourceRequest | PathRequest;

/** A request about objects; what does not apply is empty. */
export interface ResourceRequest {
  readonly kind: 'resource';
  /** `get`, `list`, `watch`, `create` and so on; empty for methods that stand for nothing. */
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly namespace: string;
  readonly resource: string;
  readonly name: string;
  readonly subresource: string;
  /** Whether the path goes on behind the subresource. */
  readonly deeper: boolean;
}

/** A request outside the resources: discovery, version, health. */
export interface PathRequest {
  readonly kind: 'path';
  readonly verb: string;
  readonly path: string;
}

const VERBS: Readonly<Record<string, string>> = {
  DELETE: 'delete',
  GET: 'get',
  HEAD: 'get',
  PATCH: 'patch',
  POST: 'create',
  PUT: 'update',
};

const NAMESPACE_SUBRESOURCES: ReadonlySet<string> = new Set(['finalize', 'status']);

/** Reads method, path (without query) and parameters; undefined when the path is not valid percent encoding. */
export function requestInfo(method: string, path: string, parameters: URLSearchParams): RequestInfo | undefined {
  const parts = decodedParts(path);
  if (parts === undefined) {
    return undefined;
  }
  const [prefix, ...rest] = parts;
  if (prefix === 'api' && rest.length >= 2) {
    const [version = '', ...below] = rest;
    return resourceRequest({ method, parameters, group: '', version }, below);
  }
  if (prefix === 'apis' && rest.length >= 3) {
    const [group = '', version = '', ...below] = rest;
    return resourceRequest({ method, parameters, group, version }, below);
  }
  return { kind: 'path', verb: method.toLowerCase(), path };
}

function decodedParts(path: string): readonly string[] | undefined {
  try {
    return path
      .replace(/^\/|\/$/g, '')
      .split('/')
      .map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

interface Head {
  readonly method: string;
  readonly parameters: URLSearchParams;
  readonly group: string;
  readonly version: string;
}

function resourceRequest(head: Head, parts: readonly string[]): ResourceRequest {
  const watching = parts[0] === 'watch' && parts.length > 1;
  const { namespace, path } = withoutNamespace(watching ? parts.slice(1) : parts);
  const [resource = '', name = '', subresource = '', ...deeper] = path;
  const { group, version } = head;
  const verb = watching ? 'watch' : verbOf(head, name);
  return { kind: 'resource', verb, group, version, namespace, resource, name, subresource, deeper: deeper.length > 0 };
}

/** A namespace itself counts as being in itself. */
function withoutNamespace(parts: readonly string[]): { readonly namespace: string; readonly path: readonly string[] } {
  const [first, namespace, third = ''] = parts;
  if (first !== 'namespaces' || namespace === undefined) {
    return { namespace: '', path: parts };
  }
  const itself = parts.length === 2 || NAMESPACE_SUBRESOURCES.has(third);
  return { namespace, path: itself ? parts : parts.slice(2) };
}

function verbOf({ method, parameters }: Head, name: string): string {
  const verb = VERBS[method] ?? '';
  if (name !== '') {
    return verb;
  }
  if (verb === 'get') {
    return isTrue(parameters.get('watch')) ? 'watch' : 'list';
  }
  return verb === 'delete' ? 'deletecollection' : verb;
}

/** A boolean parameter as the API server reads it: everything but nothing, `0` and `false` is true. */
export function isTrue(value: string | null): boolean {
  return value !== null && value !== '0' && value.toLowerCase() !== 'false';
}
