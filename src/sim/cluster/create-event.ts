import { randomUUID } from 'node:crypto';
import { childOf, textAt } from '../../core/recording/object-parts.ts';
import { resourceOf } from '../../core/subject/kinds.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import { represent } from './object-answer.ts';
import { readObject } from './posted-body.ts';
import { alreadyExists, badRequest, forbidden, invalid, objectNotFound } from './status-answer.ts';
import { addObject, timeText, type Writing } from './writing.ts';

const OTHER_NAMESPACE = 'the namespace of the provided object does not match the namespace sent on the request';

/** Answers POST of an Event. */
export function createEventAnswer(writing: Writing): Answer {
  const { world, type, request } = writing;
  const { namespace } = request;
  const read = readObject('Event', writing.posted);
  if (!read.ok) {
    return read.answer;
  }
  const sent = childOf(read.object, 'metadata');
  const name = textAt(sent, 'name');
  if (textAt(sent, 'namespace') !== '' && textAt(sent, 'namespace') !== namespace) {
    return badRequest(OTHER_NAMESPACE);
  }
  const refused = refusal(writing, name);
  if (refused !== undefined) {
    return refused;
  }
  const involved = textAt(childOf(read.object, 'involvedObject'), 'namespace');
  if (involved !== namespace && !(involved === '' && namespace === 'default')) {
    const message = `Invalid value: "${involved}": does not match event.namespace`;
    return invalid({ kind: 'Event', name }, [{ field: 'involvedObject.namespace', message }]);
  }
  const creationTimestamp = timeText(world.timeline.now());
  const metadata = { ...sent, name, namespace, uid: randomUUID(), creationTimestamp };
  const stored = addObject({ ...writing, request: { ...request, name } }, { ...read.object, kind: 'Event', metadata });
  return jsonAnswer(represent(stored, 'whole', type), 201);
}

function refusal({ world, type, request }: Writing, name: string): Answer | undefined {
  const { namespace } = request;
  const about = { group: '', resource: type.resource, name };
  if (name === '') {
    const message = 'Required value: name or generateName is required';
    return invalid({ kind: 'Event', name }, [{ field: 'metadata.name', message, reason: 'FieldValueRequired' }]);
  }
  const place = world.objects.get({ type: resourceOf('Namespace'), namespace: '', name: namespace });
  if (place === undefined) {
    return objectNotFound({ group: '', resource: 'namespaces', name: namespace });
  }
  if (childOf(place.object, 'metadata')['deletionTimestamp'] !== undefined) {
    const words = `unable to create new content in namespace ${namespace} because it is being terminated`;
    return forbidden(`events "${name}" is forbidden: ${words}`, about);
  }
  return world.objects.get({ type, namespace, name }) === undefined ? undefined : alreadyExists(about);
}
