import type { Scope } from '../expression/cel.ts';
import { oneLine, shorten } from '../facts/text.ts';
import type { CompiledText } from './compiled.ts';
import { renderTexts } from './evaluate.ts';

const LONGEST = 300;

/** Words for the kind, then one name: `Node worker-1`, `ConfigMap shop/app`, `control plane: scheduler`. */
const KEY = /^\S.* (?!\/)\S*[^\s/]$/;

/**
 * The key of what is to blame: the first text that applies, can be rendered and names something. One printable line of at
 * most 300 characters.
 */
export function blamedKey(blames: readonly CompiledText[], scope: Scope): string | undefined {
  const key = renderTexts(blames, scope)
    .map(oneLine)
    .find((text) => KEY.test(text));
  return key === undefined ? undefined : shorten(key, LONGEST);
}
