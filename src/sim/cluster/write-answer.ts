import type { Answer } from './answer.ts';
import { createEventAnswer } from './create-event.ts';
import { deleteAnswer } from './delete-object.ts';
import { evictAnswer } from './evict-pod.ts';
import { finalizeAnswer } from './finalize-namespace.ts';
import { patchAnswer } from './patch-object.ts';
import { invalid, methodNotAllowed } from './status-answer.ts';
import type { Writing } from './writing.ts';

type Handler = (writing: Writing) => Answer;

/** By method, kind and subresource. */
const SUBRESOURCES: Readonly<Record<string, Handler>> = {
  'POST pods/eviction': evictAnswer,
  'PUT namespaces/finalize': finalizeAnswer,
};

/** Answers the writes that Kubewhy sends; all others get the 405 that the API server has for methods it does not know. */
export function writeAnswer(method: string, writing: Omit<Writing, 'dryRun'>): Answer {
  const handler = handlerOf(method, writing);
  if (handler === undefined) {
    return methodNotAllowed();
  }
  const marks = writing.parameters.getAll('dryRun').filter((mark) => mark !== '');
  if (method !== 'DELETE' && marks.some((mark) => mark !== 'All')) {
    const kind = `${method === 'PATCH' ? 'Patch' : method === 'PUT' ? 'Update' : 'Create'}Options`;
    const message = `Unsupported value: ${JSON.stringify(marks)}: supported values: "All"`;
    const cause = { field: 'dryRun', message, reason: 'FieldValueNotSupported' };
    return invalid({ kind, name: '', group: 'meta.k8s.io' }, [cause]);
  }
  return handler({ ...writing, dryRun: marks.length > 0 });
}

/** What a method does to an object, a collection or a subresource; undefined for what is never done. */
function handlerOf(method: string, { type, request }: Pick<Writing, 'type' | 'request'>): Handler | undefined {
  const { name, subresource } = request;
  if (subresource !== '') {
    return SUBRESOURCES[`${method} ${type.resource}/${subresource}`];
  }
  if (name === '') {
    return method === 'POST' && type.kind === 'Event' ? createEventAnswer : undefined;
  }
  if (method === 'DELETE') {
    return deleteAnswer;
  }
  return method === 'PATCH' ? patchAnswer : undefined;
}
