import type { Json, JsonObject } from '../../core/facts/json.ts';
import { childOf, isJsonObject, textAt } from '../../core/recording/object-parts.ts';
import { may, mayVisit, type Requester, rulesIn } from './access-rules.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import { AUTHORIZATION } from './discovery.ts';
import { badRequest, failure, invalid } from './status-answer.ts';

const KINDS: Readonly<Record<string, string>> = {
  selfsubjectaccessreviews: 'SelfSubjectAccessReview',
  selfsubjectrulesreviews: 'SelfSubjectRulesReview',
};

/** Whether a resource of the authorization group is one of the reviews that are answered. */
export function isReview(resource: string): boolean {
  return Object.hasOwn(KINDS, resource);
}

/** The body of a POST with its type. */
export interface PostedBody {
  readonly contentType: string | undefined;
  readonly text: string;
}

/** Answers the POST of a review with what the requester may do. */
export function reviewAnswer(resource: string, posted: PostedBody, requester: Requester): Answer {
  const kind = KINDS[resource] ?? '';
  const read = readReview(kind, posted);
  if (!read.ok) {
    return read.answer;
  }
  const spec = childOf(read.review, 'spec');
  return kind === 'SelfSubjectRulesReview' ? rulesReview(spec, requester) : accessReview(spec, requester);
}

type ReadReview = { readonly ok: true; readonly review: JsonObject } | { readonly ok: false; readonly answer: Answer };

function readReview(kind: string, { contentType, text }: PostedBody): ReadReview {
  const type = (contentType ?? 'application/json').split(';', 1)[0]?.trim();
  if (type !== 'application/json') {
    const message =
      'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf';
    return { ok: false, answer: failure({ code: 415, reason: 'UnsupportedMediaType', message }) };
  }
  const parsed = parseObject(text);
  if (parsed === undefined) {
    const why = text === '' ? 'unexpected end of JSON input (<empty>)' : 'invalid JSON';
    const words = `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${why}`;
    return { ok: false, answer: badRequest(words) };
  }
  const given = textAt(parsed, 'kind');
  if (given === '' || given === kind) {
    return { ok: true, review: parsed };
  }
  const words = `${given} in version "${textAt(parsed, 'apiVersion')}" cannot be handled as a ${kind}`;
  return { ok: false, answer: badRequest(words) };
}

function parseObject(text: string): JsonObject | undefined {
  try {
    // JSON.parse gives JSON.
    const parsed = JSON.parse(text) as Json;
    return isJsonObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function accessReview(spec: JsonObject, requester: Requester): Answer {
  const resource = spec['resourceAttributes'];
  const path = spec['nonResourceAttributes'];
  if (isJsonObject(resource) === isJsonObject(path)) {
    const message = 'Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified';
    return invalid({ kind: '', name: '', group: AUTHORIZATION }, [{ field: 'spec.resourceAttributes', message }]);
  }
  const allowed = isJsonObject(resource)
    ? mayAsk(resource, requester)
    : isJsonObject(path) && mayVisit(requester, textAt(path, 'verb'), textAt(path, 'path'));
  return created('SelfSubjectAccessReview', spec, { allowed });
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
