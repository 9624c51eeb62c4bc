import type { JsonObject } from '../../core/facts/json.ts';
import { childOf, isJsonObject, textAt } from '../../core/recording/object-parts.ts';
import type { ResourceType } from '../../core/subject/kinds.ts';
import { type Answer, jsonAnswer } from './answer.ts';
import { represent } from './object-answer.ts';
import { parseJson } from './posted-body.ts';
import { failure, invalid, objectNotFound } from './status-answer.ts';
import { currentObject, dropObject, replaceObject, timeText, type Writing } from './writing.ts';

/** Seconds that a pod gets when it does not say how many. */
const DEFAULT_GRACE = 30;

/** Answers DELETE of one object: preconditions, finalizers, and for pods the time to end. */
export function deleteAnswer(writing: Writing): Answer {
  const options = optionsOf(writing.posted.text);
  if ('status' in options) {
    return options;
  }
  // The options are taken from the query only when there is no body.
  const inQuery = writing.posted.text === '' ? writing.dryRun : false;
  return deleteWith({ ...writing, dryRun: inQuery || options.dryRun }, options);
}

/** How something is to be deleted. */
export interface DeleteOptions {
  readonly dryRun: boolean;
  readonly graceSeconds?: number;
  readonly uid?: string;
  readonly resourceVersion?: string;
}

/** Reads DeleteOptions; an answer when they are none. */
function optionsOf(text: string): DeleteOptions | Answer {
  if (text === '') {
    return { dryRun: false };
  }
  const body = parseJson(text);
  if (!isJsonObject(body)) {
    const message = `couldn't get version/kind; json parse error: invalid JSON`;
    return failure({ code: 500, message });
  }
  return deleteOptions(body);
}

/** DeleteOptions as an object, alone or in an Eviction; an answer when they cannot be meant. */
export function deleteOptions(body: JsonObject): DeleteOptions | Answer {
  const { dryRun = [], gracePeriodSeconds } = body;
  const tried = Array.isArray(dryRun) ? dryRun : [dryRun];
  if (tried.some((mark) => mark !== 'All')) {
    const message = `Unsupported value: ${JSON.stringify(tried)}: supported values: "All"`;
    return invalid({ kind: 'DeleteOptions', name: '', group: 'meta.k8s.io' }, [
      { field: 'dryRun', message, reason: 'FieldValueNotSupported' },
    ]);
  }
  const preconditions = childOf(body, 'preconditions');
  const [uid, resourceVersion] = [textAt(preconditions, 'uid'), textAt(preconditions, 'resourceVersion')];
  return {
    dryRun: tried.length > 0,
    ...(typeof gracePeriodSeconds === 'number' ? { graceSeconds: gracePeriodSeconds } : {}),
    ...(uid === '' ? {} : { uid }),
    ...(resourceVersion === '' ? {} : { resourceVersion }),
  };
}

/** Deletes what the write is about. */
export function deleteWith(writing: Writing, options: DeleteOptions): Answer {
  const { type, request } = writing;
  const object = currentObject(writing);
  if (object === undefined) {
    return objectNotFound({ group: type.group, resource: type.resource, name: request.name });
  }
  const conflict = preconditionFailed(object, options, type);
  if (conflict !== undefined) {
    return conflict;
  }
  const dying = withDeletion(object, { ...writing, options });
  if (isGone(dying)) {
    dropObject(writing, object);
    return type.kind === 'Pod' ? jsonAnswer(represent(dying, 'whole', type)) : success(object, type);
  }
  return jsonAnswer(represent(replaceObject(writing, object, dying), 'whole', type));
}

/** Whether nothing holds an object that is being deleted. */
export function isGone(object: JsonObject): boolean {
  const { finalizers, deletionTimestamp, deletionGracePeriodSeconds = 0 } = childOf(object, 'metadata');
  const held = Array.isArray(finalizers) && finalizers.length > 0;
  const { finalizers: own } = childOf(object, 'spec');
  const kept = object['kind'] === 'Namespace' && Array.isArray(own) && own.length > 0;
  return deletionTimestamp !== undefined && deletionGracePeriodSeconds === 0 && !held && !kept;
}

function preconditionFailed(object: JsonObject, options: DeleteOptions, type: ResourceType): Answer | undefined {
  const metadata = childOf(object, 'metadata');
  const [uid, version] = [textAt(metadata, 'uid'), textAt(metadata, 'resourceVersion')];
  const words =
    options.uid !== undefined && options.uid !== uid
      ? `the UID in the precondition (${options.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`
      : options.resourceVersion !== undefined && options.resourceVersion !== version
        ? `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in record (${version}). The object might have been modified`
        : undefined;
  if (words === undefined) {
    return undefined;
  }
  const { kind, group } = type;
  const name = textAt(metadata, 'name');
  const title = group === '' ? kind : `${kind}.${group}`;
  return failure({
    code: 409,
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on ${title} "${name}": ${words}`,
    details: { name, ...(group === '' ? {} : { group }), kind },
  });
}

/** The object with what a deletion writes into it; the same one when it is being deleted already and as soon. */
function withDeletion(
  object: JsonObject,
  { world, options }: Writing & { readonly options: DeleteOptions },
): JsonObject {
  const metadata = childOf(object, 'metadata');
  const left = metadata['deletionGracePeriodSeconds'];
  if (metadata['deletionTimestamp'] !== undefined) {
    const shorter = typeof left === 'number' && options.graceSeconds !== undefined && options.graceSeconds < left;
    return shorter ? dyingIn(object, options.graceSeconds ?? 0, world.timeline.now()) : object;
  }
  const dying = dyingIn(object, graceOf(object, options), world.timeline.now());
  return object['kind'] === 'Namespace'
    ? { ...dying, status: { ...childOf(object, 'status'), phase: 'Terminating' } }
    : dying;
}

function dyingIn(object: JsonObject, seconds: number, now: Date): JsonObject {
  const metadata = childOf(object, 'metadata');
  const { generation } = metadata;
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(typeof generation === 'number' ? { generation: generation + 1 } : {}),
      deletionTimestamp: timeText(new Date(now.getTime() + seconds * 1000)),
      deletionGracePeriodSeconds: seconds,
    },
  };
}

/** Only pods that a node may run get time to end. */
function graceOf(object: JsonObject, { graceSeconds }: DeleteOptions): number {
  const spec = childOf(object, 'spec');
  const phase = textAt(childOf(object, 'status'), 'phase');
  if (object['kind'] !== 'Pod' || textAt(spec, 'nodeName') === '' || phase === 'Succeeded' || phase === 'Failed') {
    return 0;
  }
  const own = spec['terminationGracePeriodSeconds'];
  const seconds = graceSeconds ?? (typeof own === 'number' ? own : DEFAULT_GRACE);
  return seconds < 0 ? 1 : seconds;
}

function success(object: JsonObject, { group, resource }: ResourceType): Answer {
  const metadata = childOf(object, 'metadata');
  const [name, uid] = [textAt(metadata, 'name'), textAt(metadata, 'uid')];
  const details = { name, ...(group === '' ? {} : { group }), kind: resource, uid };
  return jsonAnswer({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details });
}
