import type { Json } from '../../core/facts/json.ts';

/** An HTTP answer before it is sent. */
export interface Answer {
  readonly status: number;
  /** Empty for an answer without a body. */
  readonly contentType: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** Goes on after the body. */
  readonly stream?: AnswerStream;
}

/** The part of an answer that is not there yet. Calls `write` with what comes next and `end` when nothing more does; returns what stops it. */
export type AnswerStream = (out: { readonly write: (text: string) => void; readonly end: () => void }) => () => void;

/** JSON as the API server sends it to clients that are not browsers: compact, with a line end. */
export function jsonAnswer(body: Json, status = 200): Answer {
  return { status, contentType: 'application/json', body: `${JSON.stringify(body)}\n` };
}

/** Plain text. */
export function textAnswer(body: string | Buffer, status = 200, contentType = 'text/plain'): Answer {
  return { status, contentType, body };
}

/** What the API server answers outside the groups that it knows. */
export function pageNotFound(): Answer {
  return textAnswer('404 page not found\n', 404, 'text/plain; charset=utf-8');
}
