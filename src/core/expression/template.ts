import type { Expression, ExpressionCompiler, PlainValue, Scope } from './cel.ts';
import { ExpressionError } from './expression-error.ts';

/** Text with `${expression}` parts. */
export interface Template {
  readonly source: string;
  readonly expressions: readonly Expression[];
  /** The text, or why one of its parts could not be told. */
  render(scope: Scope): { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string };
}

/** Compiles a text; `$${` stands for a literal `${`. Throws ExpressionError for an unclosed or wrong part. */
export function compileTemplate(source: string, compiler: ExpressionCompiler): Template {
  const parts = splitTemplate(source).map((part) => (part.code ? compiler.compile(part.text) : part.text));
  return {
    source,
    expressions: parts.filter((part) => typeof part !== 'string'),
    render(scope) {
      let text = '';
      for (const part of parts) {
        if (typeof part === 'string') {
          text += part;
          continue;
        }
        const outcome = part.evaluate(scope);
        if (!outcome.ok) {
          return outcome;
        }
        text += formatValue(outcome.value);
      }
      return { ok: true, text };
    },
  };
}

interface Part {
  readonly code: boolean;
  readonly text: string;
}

function splitTemplate(source: string): readonly Part[] {
  const parts: Part[] = [];
  let text = '';
  for (let at = 0; at < source.length; ) {
    if (source.startsWith('$${', at)) {
      text += '${';
      at += 3;
    } else if (source.startsWith('${', at)) {
      const end = closingBrace(source, at + 2);
      parts.push({ code: false, text }, { code: true, text: source.slice(at + 2, end).trim() });
      text = '';
      at = end + 1;
    } else {
      text += source[at];
      at += 1;
    }
  }
  parts.push({ code: false, text });
  return parts.filter((part) => part.code || part.text !== '');
}

/** The index of the `}` that closes the part; braces inside strings and nested maps are skipped. */
function closingBrace(source: string, from: number): number {
  let depth = 0;
  let quote: string | undefined;
  for (let at = from; at < source.length; at += 1) {
    const char = source[at] ?? '';
    if (quote !== undefined) {
      quote = char === quote ? undefined : quote;
    } else if (char === '"' || char === "'") {
      quote = char;
    } else if (char === '{') {
      depth += 1;
    } else if (char === '}') {
      if (depth === 0) {
        return at;
      }
      depth -= 1;
    }
  }
  throw new ExpressionError(`"\${" at character ${from - 1} is not closed`);
}

function formatValue(value: PlainValue): string {
  if (Array.isArray(value)) {
    return value.map(formatValue).join(', ');
  }
  if (typeof value === 'number' && !Number.isInteger(value)) {
    return String(Math.round(value * 100) / 100);
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
