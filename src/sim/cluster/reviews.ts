import type { JsonObject } from '../../core/facts/json.ts';
import { childOf, isJsonObject, textAt } from '../../core/recording/object-parts.ts';
import { may, mayVisit, type Requester, rulesIn } from './access-rules.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import { AUTHORIZATION } from './discovery.ts';
import type { People } from './people.ts';
import { type PostedBody, readObject } from './posted-body.ts';
import { badRequest, invalid } from './status-answer.ts';

const KINDS: Readonly<Record<string, string>> = {
  selfsubjectaccessreviews: 'SelfSubjectAccessReview',
  selfsubjectrulesreviews: 'SelfSubjectRulesReview',
  subjectaccessreviews: 'SubjectAccessReview',
};

/** Whether a resource of the authorization group is one of the reviews that are answered. */
export function isReview(resource: string): boolean {
  return Object.hasOwn(KINDS, resource);
}

/** Answers the POST of a review with what the requester, or whom the review names, may do. */
export function reviewAnswer(
  resource: string,
  posted: PostedBody,
  { requester, people }: { readonly requester: Requester; readonly people: People },
): Answer {
  const kind = KINDS[resource] ?? '';
  const read = readObject(kind, posted);
  if (!read.ok) {
    return read.answer;
  }
  const spec = childOf(read.object, 'spec');
  switch (kind) {
    case 'SelfSubjectRulesReview':
      return rulesReview(spec, requester);
    case 'SubjectAccessReview':
      return subjectReview(spec, people);
    default:
      return accessReview(spec, requester, kind);
  }
}

function subjectReview(spec: JsonObject, people: People): Answer {
  const { groups } = spec;
  const user = textAt(spec, 'user');
  const named = Array.isArray(groups) ? groups.filter((group) => typeof group === 'string') : [];
  if (user === '' && named.length === 0) {
    const message = 'Invalid value: "": at least one of user or group must be specified';
    return invalid({ kind: '', name: '', group: AUTHORIZATION }, [{ field: 'spec.user', message }]);
  }
  return accessReview(spec, people.identity(user, named), 'SubjectAccessReview');
}

function accessReview(spec: JsonObject, requester: Requester, kind: string): Answer {
  const resource = spec['resourceAttributes'];
  const path = spec['nonResourceAttributes'];
  if (isJsonObject(resource) === isJsonObject(path)) {
    const message = 'Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified';
    return invalid({ kind: '', name: '', group: AUTHORIZATION }, [{ field: 'spec.resourceAttributes', message }]);
  }
  const allowed = isJsonObject(resource)
    ? mayAsk(resource, requester)
    : isJsonObject(path) && mayVisit(requester, textAt(path, 'verb'), textAt(path, 'path'));
  const reason = allowed ? `RBAC: allowed by the rules of "${requester.name}"` : '';
  return created(kind, spec, reason === '' ? { allowed } : { allowed, reason });
}

function mayAsk(attributes: JsonObject, requester: Requester): boolean {
  const text = (key: string): string => textAt(attributes, key);
  const [verb, group, resource] = [text('verb'), text('group'), text('resource')];
  const [namespace, name, subresource] = [text('namespace'), text('name'), text('subresource')];
  return may(requester, { verb, group, resource, namespace, name, subresource });
}

function rulesReview(spec: JsonObject, requester: Requester): Answer {
  const namespace = textAt(spec, 'namespace');
  return namespace === ''
    ? badRequest('no namespace on request')
    : created('SelfSubjectRulesReview', {}, { ...rulesIn(requester, namespace), incomplete: false });
}

function created(kind: string, spec: JsonObject, status: JsonObject): Answer {
  return jsonAnswer({ kind, apiVersion: `${AUTHORIZATION}/v1`, metadata: {}, spec, status }, 201);
}
