import type { Json, JsonObject } from '../../core/facts/json.ts';
import { type Answer, jsonAnswer } from './answer.ts';

/** A Kubernetes `Status` about a failure. */
interface Failure {
  readonly code: number;
  /** Absent where the API server gives none. */
  readonly reason?: string;
  readonly message: string;
  /** Absent and empty are different answers of the API server. */
  readonly details?: JsonObject;
  /** Where an expired list can be continued. */
  readonly continueToken?: string;
}

/** What a request was about, for `details`. */
export interface About {
  readonly name?: string;
  /** Empty for the core group. */
  readonly group: string;
  /** The plural, as the API server puts it into `kind`. */
  readonly resource: string;
}

const CHANGED = 'the object has been modified; please apply your changes to the latest version and try again';

/** Any failure as a `Status` with the fields in the API server's order. */
export function failure({ code, reason, message, details, continueToken }: Failure): Answer {
  const body: Record<string, Json> = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: continueToken === undefined ? {} : { continue: continueToken },
    status: 'Failure',
    message,
    ...(reason === undefined ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  };
  return jsonAnswer(body, code);
}

/** 400 with the server's words. */
export function badRequest(message: string): Answer {
  return failure({ code: 400, reason: 'BadRequest', message });
}

/** 401; the server never says why. */
export function unauthorized(): Answer {
  return failure({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' });
}

/** 403 with what the user may not do. */
export function forbidden(message: string, about?: About): Answer {
  return failure({
    code: 403,
    reason: 'Forbidden',
    message,
    details: about === undefined ? {} : detailsOf(about),
  });
}

/** 404 for an object. */
export function objectNotFound(about: About & { readonly name: string }): Answer {
  return failure({
    code: 404,
    reason: 'NotFound',
    message: `${qualified(about)} "${about.name}" not found`,
    details: detailsOf(about),
  });
}

/** 404 for a path in a group that exists. */
export function resourceNotFound(): Answer {
  const message = 'the server could not find the requested resource';
  return failure({ code: 404, reason: 'NotFound', message, details: {} });
}

/** 409 for an object that is not the one that was read, with the server's words or those about its version. */
export function modified(about: About & { readonly name: string }, words: string = CHANGED): Answer {
  return failure({
    code: 409,
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on ${qualified(about)} "${about.name}": ${words}`,
    details: detailsOf(about),
  });
}

/** 409 for a name that is taken. */
export function alreadyExists(about: About & { readonly name: string }): Answer {
  return failure({
    code: 409,
    reason: 'AlreadyExists',
    message: `${qualified(about)} "${about.name}" already exists`,
    details: detailsOf(about),
  });
}

/** 405. */
export function methodNotAllowed(): Answer {
  const message = 'the server does not allow this method on the requested resource';
  return failure({ code: 405, reason: 'MethodNotAllowed', message, details: {} });
}

/** 406; the router answers with empty details, the serializer with none. */
export function notAcceptable(message: string, from: 'router' | 'serializer'): Answer {
  return failure({
    code: 406,
    reason: 'NotAcceptable',
    message,
    ...(from === 'router' ? { details: {} } : {}),
  });
}

/** 422 with one cause for each field. */
export function invalid(
  what: { readonly kind: string; readonly name: string; readonly group?: string },
  causes: readonly { readonly field: string; readonly message: string; readonly reason?: string }[],
): Answer {
  const { kind, name, group } = what;
  const words = [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))];
  const all = words.length === 1 ? (words[0] ?? '') : `[${words.join(', ')}]`;
  const title = group === undefined ? kind : `${kind}.${group}`;
  return failure({
    code: 422,
    reason: 'Invalid',
    message: `${title} "${name}" is invalid: ${all}`,
    details: {
      ...(name === '' ? {} : { name }),
      ...(group === undefined ? {} : { group }),
      ...(kind === '' ? {} : { kind }),
      causes: causes.map(({ field, message, reason = 'FieldValueInvalid' }) => ({ reason, message, field })),
    },
  });
}

/** `deployments.apps`, `pods`. */
export function qualified({ group, resource }: About): string {
  return group === '' ? resource : `${resource}.${group}`;
}

function detailsOf({ name, group, resource }: About): JsonObject {
  return {
    ...(name === undefined || name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    kind: resource,
  };
}
