import { type HttpAnswer, type HttpQuestion, sendHttp } from '../contract/http-client.ts';

/** A request that an account is or is not allowed; whatever it would change is only tried. */
export interface Attempt {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** To whom it is sent, and as whom. */
export interface AttemptOptions {
  readonly url: string;
  readonly ca: string;
  readonly token: string;
  /** What is sent for words of the attempt, such as a namespace for `NS`. */
  readonly words: Readonly<Record<string, string>>;
}

/** Sends it with everything that is only known now. */
export function sendAttempt(attempt: Attempt, { url, ca, token, words }: AttemptOptions): Promise<HttpAnswer> {
  const text = JSON.stringify(attempt).replaceAll(/\b[A-Z]+\b/g, (word) => words[word] ?? word);
  const { method, path, body, type = 'application/json', headers } = JSON.parse(text) as Attempt;
  const question: HttpQuestion = {
    method,
    tls: { ca },
    headers: { authorization: `Bearer ${token}`, 'content-type': type, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
  return sendHttp(url, path, question);
}
