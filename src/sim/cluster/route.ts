import { parseFieldSelector } from '../../core/recording/field-parser.ts';
import type { ResourceType } from '../../core/subject/kinds.ts';
import { type Requester, refusal } from './access-rules.ts';
import { type Answer, pageNotFound, textAnswer } from './answer.ts';
import { AUTHORIZATION, groupNames, pathAnswer, type ServerFacts } from './discovery.ts';
import { logAnswer } from './log-answer.ts';
import { getAnswer, listAnswer } from './object-answer.ts';
import type { People } from './people.ts';
import type { PostedBody } from './posted-body.ts';
import { type ResourceRequest, requestInfo } from './request-info.ts';
import { isReview, reviewAnswer } from './reviews.ts';
import { badRequest, failure, forbidden, methodNotAllowed, resourceNotFound, unauthorized } from './status-answer.ts';
import { watchAnswer } from './watch-answer.ts';
import type { World } from './world.ts';
import { writeAnswer } from './write-answer.ts';

/** A request with everything that its answer depends on. */
export interface Incoming {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly parameters: URLSearchParams;
  readonly accept: string | undefined;
  readonly posted: PostedBody;
  /** Undefined for a token that nobody has. */
  readonly requester: Requester | undefined;
}

/** What requests are answered from. */
export interface Backend {
  readonly world: World;
  readonly facts: ServerFacts;
  readonly people: People;
}

/** Answers in the order of the API server: who, whether it is allowed, what. */
export function route(incoming: Incoming, backend: Backend): Answer {
  const { method, path, parameters, requester } = incoming;
  if (requester === undefined) {
    return unauthorized();
  }
  const info = requestInfo(method, path, parameters);
  if (info === undefined) {
    return badRequest('the path is not valid');
  }
  const request = info.kind === 'resource' ? withSelectedName(info, parameters) : info;
  const refused = refusal(requester, request);
  if (refused !== undefined) {
    return refused;
  }
  return info.kind === 'path'
    ? pathAnswer(info, backend.facts)
    : resourceAnswer(info, { ...incoming, requester }, backend);
}

/** A list of one name is allowed to whom that name is allowed. */
function withSelectedName(request: ResourceRequest, parameters: URLSearchParams): ResourceRequest {
  const lists = request.name === '' && ['list', 'watch', 'deletecollection'].includes(request.verb);
  return lists ? { ...request, name: selectedName(parameters.get('fieldSelector') ?? '') } : request;
}

/** The name that a field selector asks for; empty when it asks for none. */
function selectedName(selector: string): string {
  const parsed = parseFieldSelector(selector);
  const named = parsed.ok
    ? parsed.terms.find(({ field, negated }) => field === 'metadata.name' && !negated)
    : undefined;
  return named === undefined || /^\.{1,2}$|[/%]/.test(named.value) ? '' : named.value;
}

type Known = Incoming & { readonly requester: Requester };

function resourceAnswer(request: ResourceRequest, incoming: Known, backend: Backend): Answer {
  const { group, version, resource } = request;
  if (group === AUTHORIZATION && version === 'v1' && isReview(resource)) {
    return reviewRoute(request, incoming, backend);
  }
  const type = backend.facts.types.find(
    (known) => known.group === group && known.version === version && known.resource === resource,
  );
  if (type !== undefined && isPlace(request, type)) {
    return objectRoute(request, type, { incoming, backend });
  }
  return group === '' || groupNames(backend.facts).includes(group) ? resourceNotFound() : pageNotFound();
}

function reviewRoute(
  { resource, name, namespace }: ResourceRequest,
  { method, posted, requester }: Known,
  { people }: Backend,
): Answer {
  if (name !== '' || namespace !== '') {
    return resourceNotFound();
  }
  return method === 'POST' ? reviewAnswer(resource, posted, { requester, people }) : methodNotAllowed();
}

const SUBRESOURCES: ReadonlySet<string> = new Set(['pods/log', 'pods/eviction', 'namespaces/finalize']);

/** Whether there are objects at such a path: `nodes` are in no namespace, a single pod always is in one. */
function isPlace({ namespace, name, subresource, deeper }: ResourceRequest, type: ResourceType): boolean {
  if (deeper || (subresource !== '' && !SUBRESOURCES.has(`${type.resource}/${subresource}`))) {
    return false;
  }
  return type.namespaced ? namespace !== '' || name === '' : namespace === '' || type.kind === 'Namespace';
}

function objectRoute(
  request: ResourceRequest,
  type: ResourceType,
  { incoming, backend }: { readonly incoming: Known; readonly backend: Backend },
): Answer {
  const { parameters, accept } = incoming;
  const { world } = backend;
  const place = type.kind === 'Namespace' ? { ...request, namespace: '' } : request;
  if (incoming.method !== 'GET') {
    const { posted, requester } = incoming;
    return writeAnswer(incoming.method, { world, type, request: place, posted, parameters, user: requester.name });
  }
  if (request.subresource !== '' && request.subresource !== 'log') {
    return methodNotAllowed();
  }
  const unreadable = recordedFailure(request, { world, user: incoming.requester.name });
  if (unreadable !== undefined) {
    return unreadable;
  }
  if (request.subresource === 'log') {
    return logAnswer(request, parameters, { world, accept });
  }
  const reading = { world, type, parameters, accept };
  if (request.verb === 'watch') {
    return watchAnswer(place, reading);
  }
  return request.name === '' ? listAnswer(place, reading) : getAnswer(place, reading);
}

/** What a recording could not read is not answered here either. */
function recordedFailure(
  request: ResourceRequest,
  { world, user }: { readonly world: World; readonly user: string },
): Answer | undefined {
  const { resource, subresource, namespace, name, group } = request;
  const asked = subresource === '' ? resource : `${resource}/${subresource}`;
  const found = world.unreadable.find(
    (entry) =>
      entry.resource.split('.', 1)[0] === asked &&
      (namespace === '' || entry.namespaces.includes(namespace)) &&
      (entry.namespace === undefined || entry.namespace === namespace) &&
      (entry.name === undefined || entry.name === name),
  );
  switch (found?.why) {
    case 'forbidden': {
      const words = `User "${user}" cannot ${request.verb} resource "${asked}" in API group "${group}"`;
      return forbidden(`${asked} is forbidden: ${words}`, { name, group, resource });
    }
    case 'unauthorized':
      return unauthorized();
    case 'timeout':
      return failure({ code: 504, reason: 'Timeout', message: 'the request did not complete in time' });
    case 'unavailable':
      return failure({
        code: 503,
        reason: 'ServiceUnavailable',
        message: 'the server is currently unable to handle it',
      });
    case 'invalid':
      return textAnswer('<html></html>', 200, 'text/html');
    default:
      return undefined;
  }
}
