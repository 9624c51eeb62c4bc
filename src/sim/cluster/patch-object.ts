import type { Json, JsonObject } from '../../core/facts/json.ts';
import { childOf, isJsonObject, textAt } from '../../core/recording/object-parts.ts';
import type { ResourceType } from '../../core/subject/kinds.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import { isGone } from './delete-object.ts';
import { applyJsonPatch } from './json-patch.ts';
import { applyMergePatch, isPlainMerge } from './merge-patch.ts';
import { represent } from './object-answer.ts';
import { mediaType, parseJson } from './posted-body.ts';
import { badRequest, failure, invalid, modified, objectNotFound } from './status-answer.ts';
import { currentObject, dropObject, replaceObject, sameJson, type Writing } from './writing.ts';

const JSON_PATCH = 'application/json-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';
const TYPES: ReadonlySet<string> = new Set([JSON_PATCH, STRATEGIC, 'application/merge-patch+json']);
/** The API server's words for whatever fails in a JSON patch, a `test` included. */
const REJECTED = 'the server rejected our request due to an error in our request';

/** Answers PATCH of one object. */
export function patchAnswer(writing: Writing): Answer {
  const { type, request, posted } = writing;
  const patch = readPatch(mediaType(posted), posted.text);
  if ('status' in patch) {
    return patch;
  }
  const before = currentObject(writing);
  if (before === undefined) {
    return objectNotFound({ group: type.group, resource: type.resource, name: request.name });
  }
  const patched = patch.apply(before);
  if (!isJsonObject(patched)) {
    return failure({ code: 422, reason: 'Invalid', message: REJECTED, details: {} });
  }
  const refused = refusal(before, patched, type);
  if (refused !== undefined) {
    return refused;
  }
  const after = counted(before, patched);
  if (isGone(after)) {
    dropObject(writing, before);
    return jsonAnswer(represent(after, 'whole', type));
  }
  return jsonAnswer(represent(replaceObject(writing, before, after), 'whole', type));
}

/** What a patch does to an object; undefined when it cannot be applied. */
interface Patch {
  readonly apply: (object: JsonObject) => Json | undefined;
}

function readPatch(type: string, text: string): Patch | Answer {
  if (!TYPES.has(type)) {
    const message = '415: Unsupported Media Type';
    return failure({ code: 415, reason: 'UnsupportedMediaType', message, details: {} });
  }
  const body = parseJson(text);
  if (body === undefined) {
    return badRequest('error decoding patch: unexpected end of JSON input');
  }
  if (type === JSON_PATCH) {
    return Array.isArray(body)
      ? { apply: (object) => applyJsonPatch(object, body.filter(isJsonObject)) }
      : badRequest('error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp');
  }
  if (!isJsonObject(body)) {
    const go = 'json: cannot unmarshal array into Go value of type map[string]interface {}';
    return badRequest(`error decoding patch: ${go}`);
  }
  return type === STRATEGIC && !isPlainMerge(body)
    ? badRequest('the simulated cluster does not merge lists strategically')
    : { apply: (object) => applyMergePatch(object, body) };
}

/** Why what a patch makes cannot be stored, in the order of the API server: the version before the uid. */
function refusal(before: JsonObject, after: JsonObject, type: ResourceType): Answer | undefined {
  const [was, now] = [childOf(before, 'metadata'), childOf(after, 'metadata')];
  const version = textAt(now, 'resourceVersion');
  const about = { group: type.group, resource: type.resource, name: textAt(was, 'name') };
  if (version !== '' && version !== textAt(was, 'resourceVersion')) {
    return modified(about);
  }
  const uid = textAt(now, 'uid');
  if (uid !== '' && uid !== textAt(was, 'uid')) {
    return invalidField(type, about.name, {
      field: 'metadata.uid',
      message: `Invalid value: "${uid}": field is immutable`,
    });
  }
  const added = finalizersOf(now).filter((one) => !finalizersOf(was).includes(one));
  if (was['deletionTimestamp'] === undefined || added.length === 0) {
    return undefined;
  }
  const list = `[]string{${added.map((one) => JSON.stringify(one)).join(', ')}}`;
  const message = `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers ${list}`;
  return invalidField(type, about.name, { field: 'metadata.finalizers', message, reason: 'FieldValueForbidden' });
}

/** The API server tells causes of metadata twice, and its sentence once. */
function invalidField(
  { kind, group }: ResourceType,
  name: string,
  cause: { readonly field: string; readonly message: string; readonly reason?: string },
): Answer {
  return invalid({ kind, name, ...(group === '' ? {} : { group }) }, [cause, cause]);
}

function finalizersOf({ finalizers }: JsonObject): readonly string[] {
  return Array.isArray(finalizers) ? finalizers.filter((one) => typeof one === 'string') : [];
}

/** With the version of what it was made of, and a new generation when the spec is another one. */
function counted(before: JsonObject, after: JsonObject): JsonObject {
  const was = childOf(before, 'metadata');
  const { generation } = was;
  const { finalizers, ...rest } = childOf(after, 'metadata');
  const metadata = {
    ...rest,
    ...(Array.isArray(finalizers) && finalizers.length > 0 ? { finalizers } : {}),
    uid: was['uid'],
    resourceVersion: was['resourceVersion'],
  };
  const changed = typeof generation === 'number' && !sameJson(before['spec'], after['spec']);
  return { ...after, metadata: changed ? { ...metadata, generation: generation + 1 } : metadata };
}
