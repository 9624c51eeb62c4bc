/** A token of a label selector; `in` and `notin` are words until their place says otherwise. */
export interface LabelToken {
  readonly kind: 'word' | 'symbol' | 'end';
  readonly text: string;
}

const SYMBOLS: ReadonlySet<string> = new Set(['(', ')', ',', '!', '=', '==', '!=', '>', '<']);
const SPECIAL = /[=!(),<>]/;
const SPACE = /[ \t\r\n]/;

/** Cuts a selector into tokens, with one `end` behind them. */
export function labelTokens(selector: string): readonly LabelToken[] {
  const tokens: LabelToken[] = [];
  let at = 0;
  while (at < selector.length) {
    const character = selector.charAt(at);
    if (SPACE.test(character)) {
      at += 1;
      continue;
    }
    const text = SPECIAL.test(character) ? symbolAt(selector, at) : wordAt(selector, at);
    tokens.push({ kind: SPECIAL.test(character) ? 'symbol' : 'word', text });
    at += text.length;
  }
  return [...tokens, { kind: 'end', text: '' }];
}

/** The longest symbol. */
function symbolAt(selector: string, at: number): string {
  const two = selector.slice(at, at + 2);
  return SYMBOLS.has(two) ? two : selector.charAt(at);
}

function wordAt(selector: string, at: number): string {
  let end = at;
  while (end < selector.length && !SPECIAL.test(selector.charAt(end)) && !SPACE.test(selector.charAt(end))) {
    end += 1;
  }
  return selector.slice(at, end);
}
