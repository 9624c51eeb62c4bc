const CLOSERS: Readonly<Record<string, string>> = { '{': '}', '[': ']' };

/**
 * Makes JSON whose end is missing whole again: everything after the last complete entry of its outermost list is left
 * out, so that no entry is half of what it was. Undefined when it has no such entry.
 */
export function closeCutJson(text: string): string | undefined {
  const nesting = new Nesting();
  let end = -1;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (char === '"') {
      at = endOfString(text, at);
    } else if (char === '{' || char === '[') {
      nesting.enter(char);
    } else if ((char === '}' || char === ']') && nesting.leave(char)) {
      end = at;
    }
  }
  return end < 0 ? undefined : text.slice(0, end + 1) + nesting.closing;
}

/** Which brackets are open. */
class Nesting {
  /** What closes the brackets that were open at the last complete entry. */
  closing = '';
  private readonly open: string[] = [];
  private lists = 0;
  /** What closes the outermost list that is open, and all around it. */
  private closingOfList = '';

  enter(bracket: '{' | '['): void {
    this.open.push(bracket);
    if (bracket === '[') {
      this.lists += 1;
      this.closingOfList = this.lists === 1 && this.open.length <= DEEPEST_LIST ? this.closeAll() : this.closingOfList;
    }
  }

  /** Whether it was an entry of the outermost list that ended. */
  leave(bracket: '}' | ']'): boolean {
    this.lists -= this.open.pop() === '[' ? 1 : 0;
    const complete =
      bracket === '}' && this.lists === 1 && this.open.at(-1) === '[' && this.open.length <= DEEPEST_LIST;
    if (complete) {
      this.closing = this.closingOfList;
    }
    return complete;
  }

  private closeAll(): string {
    return this.open
      .toReversed()
      .map((char) => CLOSERS[char] ?? '')
      .join('');
  }
}

/** A list of alerts lies no deeper. */
const DEEPEST_LIST = 20;

/** Where the string that begins there ends; the end of the text when it does not. */
function endOfString(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') {
      at += 1;
    } else if (text[at] === '"') {
      return at;
    }
  }
  return text.length;
}
