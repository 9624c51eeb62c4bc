import type { JsonObject } from '../../core/facts/json.ts';
import type { Answer } from './answer.ts';
import type { RequestInfo, ResourceRequest } from './request-info.ts';
import { forbidden, qualified } from './status-answer.ts';

/** What may be done, as a rule of a Role or ClusterRole says it; `*` is everything. */
export interface AccessRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  /** Plurals, with subresources such as `pods/log`. */
  readonly resources?: readonly string[];
  /** Absent: objects of any name. */
  readonly resourceNames?: readonly string[];
  /** Where the rule is bound; absent: in the whole cluster. */
  readonly namespaces?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** Somebody whom the simulated cluster knows by a bearer token. */
export interface SimUser {
  readonly token: string;
  readonly name: string;
  readonly rules: readonly AccessRule[];
}

/** Who sent a request, with everything that is allowed. */
export interface Requester {
  readonly name: string;
  readonly rules: readonly AccessRule[];
}

const PUBLIC: AccessRule = {
  verbs: ['get'],
  nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version', '/version/'],
};
const AUTHENTICATED: readonly AccessRule[] = [
  {
    verbs: ['create'],
    apiGroups: ['authorization.k8s.io'],
    resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
  },
  PUBLIC,
  { verbs: ['get'], nonResourceURLs: ['/api', '/api/*', '/apis', '/apis/*', '/openapi', '/openapi/*'] },
];

/** The user of a request by its Authorization header; undefined for a token that nobody has. */
export function requesterOf(authorization: string | undefined, users: readonly SimUser[]): Requester | undefined {
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
  if (token === undefined) {
    return { name: 'system:anonymous', rules: [PUBLIC] };
  }
  const user = users.find((known) => known.token === token);
  return user === undefined ? undefined : { name: user.name, rules: [...user.rules, ...AUTHENTICATED] };
}

/** The 403 answer for a request that no rule allows; undefined when one does. */
export function refusal(requester: Requester, request: RequestInfo): Answer | undefined {
  if (request.kind === 'path') {
    const { verb, path } = request;
    return mayVisit(requester, verb, path)
      ? undefined
      : forbidden(`forbidden: User "${requester.name}" cannot ${verb} path "${path}"`);
  }
  return may(requester, request) ? undefined : forbidden(...forbiddenWords(requester, request));
}

function forbiddenWords(requester: Requester, request: ResourceRequest): Parameters<typeof forbidden> {
  const { verb, group, resource, subresource, namespace, name } = request;
  const combined = subresource === '' ? resource : `${resource}/${subresource}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const what = name === '' ? qualified(request) : `${qualified(request)} "${name}"`;
  const message = `${what} is forbidden: User "${requester.name}" cannot ${verb} resource "${combined}" in API group "${group}" ${where}`;
  return [message, { name, group, resource }];
}

/** Whether a rule allows a request about objects. */
export function may(requester: Requester, request: Omit<ResourceRequest, 'kind' | 'version' | 'deeper'>): boolean {
  return requester.rules.some(
    (rule) =>
      includes(rule.verbs, request.verb) &&
      includes(rule.apiGroups, request.group) &&
      resourceFits(rule.resources ?? [], request) &&
      (rule.resourceNames === undefined || (request.name !== '' && rule.resourceNames.includes(request.name))) &&
      (rule.namespaces === undefined || rule.namespaces.includes(request.namespace)),
  );
}

/** Whether a rule allows a request outside the resources. */
export function mayVisit(requester: Requester, verb: string, path: string): boolean {
  return requester.rules.some(
    (rule) => includes(rule.verbs, verb) && (rule.nonResourceURLs ?? []).some((pattern) => pathFits(pattern, path)),
  );
}

/** What is allowed in a namespace, in the words of a SelfSubjectRulesReview. */
export function rulesIn(
  requester: Requester,
  namespace: string,
): { readonly resourceRules: readonly JsonObject[]; readonly nonResourceRules: readonly JsonObject[] } {
  const bound = requester.rules.filter((rule) => rule.namespaces?.includes(namespace) ?? true);
  return {
    resourceRules: bound
      .filter((rule) => rule.resources !== undefined)
      .map(({ verbs, apiGroups = [], resources = [], resourceNames }) => ({
        verbs,
        apiGroups,
        resources,
        ...(resourceNames === undefined ? {} : { resourceNames }),
      })),
    nonResourceRules: requester.rules
      .filter((rule) => rule.nonResourceURLs !== undefined)
      .map(({ verbs, nonResourceURLs = [] }) => ({ verbs, nonResourceURLs })),
  };
}

function includes(list: readonly string[] | undefined, wanted: string): boolean {
  return list !== undefined && (list.includes('*') || list.includes(wanted));
}

function resourceFits(
  resources: readonly string[],
  { resource, subresource }: Pick<ResourceRequest, 'resource' | 'subresource'>,
): boolean {
  const combined = subresource === '' ? resource : `${resource}/${subresource}`;
  return includes(resources, combined) || (subresource !== '' && resources.includes(`*/${subresource}`));
}

function pathFits(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : pattern === path;
}
