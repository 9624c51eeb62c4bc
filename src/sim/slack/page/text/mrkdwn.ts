import type { RichTextBlockElement, RichTextSectionElement } from 'slack-blocks-to-jsx';
import { parseInline } from './inline.ts';

/** How a text is read. */
export interface MrkdwnOptions {
  /** Addresses in the text stay text. */
  readonly verbatim?: boolean;
}

interface Part {
  readonly kind: 'text' | 'quote' | 'code';
  readonly lines: readonly string[];
}

const FENCE = '```';

/** Slack's mrkdwn as the rich text that Slack makes of it. Text that is not markup stays as it was written. */
export function parseMrkdwn(text: string, options: MrkdwnOptions = {}): RichTextBlockElement[] {
  return splitParts(text).map(({ kind, lines }): RichTextBlockElement => {
    const joined = lines.join('\n');
    switch (kind) {
      case 'code':
        return { type: 'rich_text_preformatted', elements: parseInline(joined, { ...options, code: true }) };
      case 'quote':
        return { type: 'rich_text_quote', border: 1, elements: parseInline(joined, options) };
      default:
        return { type: 'rich_text_section', elements: parseInline(joined, options) };
    }
  });
}

/** A plain text as rich text: emoji are its only markup. */
export function parsePlain(text: string): RichTextBlockElement[] {
  const elements: RichTextSectionElement[] = parseInline(text, { plain: true });
  return [{ type: 'rich_text_section', elements }];
}

function splitParts(text: string): readonly Part[] {
  const pieces = text.split(FENCE);
  const closed = pieces.length % 2 === 1;
  return pieces.flatMap((piece, index): readonly Part[] => {
    const isCode = index % 2 === 1 && (closed || index < pieces.length - 1);
    if (isCode) {
      return [{ kind: 'code', lines: [piece.replace(/^\n|\n$/g, '')] }];
    }
    const unfenced = index % 2 === 1 ? `${FENCE}${piece}` : piece;
    const begin = index === 0 ? unfenced : unfenced.replace(/^\n/, '');
    const trimmed = index === pieces.length - 1 ? begin : begin.replace(/\n$/, '');
    return trimmed === '' && pieces.length > 1 ? [] : splitQuotes(trimmed);
  });
}

function splitQuotes(text: string): readonly Part[] {
  const parts: { kind: Part['kind']; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const quoted = /^(?:>|&gt;) ?(.*)$/.exec(line);
    const kind = quoted === null ? 'text' : 'quote';
    const content = quoted?.[1] ?? line;
    const last = parts.at(-1);
    if (last?.kind === kind) {
      last.lines.push(content);
    } else {
      parts.push({ kind, lines: [content] });
    }
  }
  return parts;
}
