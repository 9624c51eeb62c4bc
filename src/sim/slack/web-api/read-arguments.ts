import { parseJson } from '../http/read-body.ts';
import { isObject } from '../validation/walk.ts';

const JSON_FIELDS = ['attachments', 'blocks', 'files', 'metadata', 'view'];

/** The arguments of a request, or Slack's error code for a body that cannot be read. */
export type ReadArguments =
  | { readonly kind: 'read'; readonly values: Readonly<Record<string, unknown>>; readonly token?: string }
  | { readonly kind: 'unreadable'; readonly error: string };

/** Reads a Web API body, form or JSON. JSON inside of form fields is decoded where it is valid. */
export function readArguments(contentType: string, body: string, query: string): ReadArguments {
  const type = (contentType.split(';')[0] ?? '').trim().toLowerCase();
  if (type === 'application/json') {
    const values = parseJson(body);
    return isObject(values) ? decoded(values) : { kind: 'unreadable', error: 'invalid_json' };
  }
  if (type !== 'application/x-www-form-urlencoded' && body !== '') {
    return { kind: 'unreadable', error: 'invalid_post_type' };
  }
  const fields = new URLSearchParams(body === '' ? query : body);
  return decoded(Object.fromEntries(fields));
}

function decoded(values: Readonly<Record<string, unknown>>): ReadArguments {
  const result: Record<string, unknown> = { ...values };
  for (const field of JSON_FIELDS) {
    const value = values[field];
    if (typeof value === 'string') {
      result[field] = parseJson(value) ?? value;
    }
  }
  const { token } = values;
  delete result['token'];
  return { kind: 'read', values: result, ...(typeof token === 'string' ? { token } : {}) };
}
