import type { JsonObject } from '../../core/facts/json.ts';
import { childOf, textAt } from '../../core/recording/object-parts.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import { isGone } from './delete-object.ts';
import { represent } from './object-answer.ts';
import { readObject } from './posted-body.ts';
import { badRequest, modified, objectNotFound } from './status-answer.ts';
import { currentObject, dropObject, replaceObject, type Writing } from './writing.ts';

/** Answers PUT of a namespace's `finalize`: only `spec.finalizers` is taken from what is sent. */
export function finalizeAnswer(writing: Writing): Answer {
  const { type, request } = writing;
  const read = readObject('Namespace', writing.posted);
  if (!read.ok) {
    return read.answer;
  }
  const before = currentObject(writing);
  if (before === undefined) {
    return objectNotFound({ group: '', resource: 'namespaces', name: request.name });
  }
  const refused = refusal(childOf(read.object, 'metadata'), childOf(before, 'metadata'), request.name);
  if (refused !== undefined) {
    return refused;
  }
  const { finalizers: _old, ...spec } = childOf(before, 'spec');
  const { finalizers } = childOf(read.object, 'spec');
  const kept = Array.isArray(finalizers) && finalizers.length > 0 ? { finalizers } : {};
  const after = { ...before, spec: { ...spec, ...kept } };
  if (isGone(after)) {
    dropObject(writing, before);
    return jsonAnswer(represent(after, 'whole', type));
  }
  return jsonAnswer(represent(replaceObject(writing, before, after), 'whole', type));
}

/** Why what is sent is not about the namespace as it is, judged by its metadata. */
function refusal(sent: JsonObject, own: JsonObject, name: string): Answer | undefined {
  const about = { group: '', resource: 'namespaces', name };
  const given = (key: string): string => textAt(sent, key);
  if (given('name') !== name) {
    const words = `the name of the object (${given('name')}) does not match the name on the URL (${name})`;
    return badRequest(words);
  }
  if (given('uid') !== '' && given('uid') !== textAt(own, 'uid')) {
    const key = `Key: /registry/namespaces/${name}, ResourceVersion: 0`;
    const words = `Precondition failed: UID in precondition: ${given('uid')}, UID in object meta: ${textAt(own, 'uid')}`;
    return modified(about, `StorageError: invalid object, Code: 4, ${key}, AdditionalErrorMsg: ${words}`);
  }
  const stale = given('resourceVersion') !== '' && given('resourceVersion') !== textAt(own, 'resourceVersion');
  return stale ? modified(about) : undefined;
}
