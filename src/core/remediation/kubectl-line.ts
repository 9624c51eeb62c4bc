import type { Json } from '../facts/json.ts';
import { shellWords, shorten } from '../facts/text.ts';

const LONGEST_TITLE = 150;

/** A kubectl line that a person may copy: every word is quoted where a shell would read something else into it. */
export function kubectl(namespace: string, ...words: readonly string[]): string {
  return shellWords(['kubectl', ...(namespace === '' ? [] : ['-n', namespace]), ...words]);
}

/** The same with a JSON body on its standard input; the uid in it is checked by the API server. */
export function kubectlWithBody(body: Json, ...words: readonly string[]): string {
  return `${shellWords(['echo', JSON.stringify(body)])} | ${shellWords(['kubectl', ...words, '-f', '-'])}`;
}

/** `/api/v1/namespaces/shop/pods/web-0`, as `kubectl --raw` takes it; the same parts as those of a request. */
export function rawPath(parts: readonly string[]): string {
  return `/${parts.map((part) => encodeURIComponent(part)).join('/')}`;
}

/** A title as long as plans may have one. */
export function planTitle(text: string): string {
  return shorten(text, LONGEST_TITLE);
}
