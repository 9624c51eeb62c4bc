import type { Json, JsonObject } from '../../core/facts/json.ts';
import { isJsonObject, textAt } from '../../core/recording/object-parts.ts';
import type { Answer } from './answer.ts';
import { badRequest, failure } from './status-answer.ts';

/** The body of a request with its type. */
export interface PostedBody {
  readonly contentType: string | undefined;
  readonly text: string;
}

/** The object that was sent, or the server's words why it cannot be read. */
export type ReadBody =
  | { readonly ok: true; readonly object: JsonObject }
  | { readonly ok: false; readonly answer: Answer };

const UNKNOWN_FORMAT =
  'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf';

/** The media type without parameters; JSON where none is given. */
export function mediaType({ contentType }: PostedBody): string {
  return (contentType ?? 'application/json').split(';', 1)[0]?.trim() ?? '';
}

/** Reads an object of a kind. */
export function readObject(kind: string, posted: PostedBody): ReadBody {
  if (mediaType(posted) !== 'application/json') {
    return { ok: false, answer: failure({ code: 415, reason: 'UnsupportedMediaType', message: UNKNOWN_FORMAT }) };
  }
  const parsed = parseJson(posted.text);
  if (!isJsonObject(parsed)) {
    const why = posted.text === '' ? 'unexpected end of JSON input (<empty>)' : 'invalid JSON';
    const words = `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${why}`;
    return { ok: false, answer: badRequest(words) };
  }
  const given = textAt(parsed, 'kind');
  if (given === '' || given === kind) {
    return { ok: true, object: parsed };
  }
  const words = `${given} in version "${textAt(parsed, 'apiVersion')}" cannot be handled as a ${kind}`;
  return { ok: false, answer: badRequest(words) };
}

/** JSON; undefined for a text that is none. */
export function parseJson(text: string): Json | undefined {
  try {
    // JSON.parse gives JSON.
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
