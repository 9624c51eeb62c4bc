import { listAt, textAt } from '../fields.ts';

const LONGEST = 20_000;
const DEEPEST = 10;
/** What people read of an old-style attachment, as Alertmanager sends it. */
const ATTACHMENT_TEXTS = ['pretext', 'title', 'text', 'fallback', 'footer'] as const;

/** Everything that can be read in a message: its text, its blocks and its attachments; at most 20,000 characters. */
export function messageText(message: unknown): string {
  const parts = [
    textAt(message, 'text') ?? '',
    ...blockTexts(listAt(message, 'blocks'), 0),
    ...listAt(message, 'attachments').flatMap(attachmentTexts),
  ];
  const different = [...new Set(parts.map((part) => part.trim()))].filter((part) => part !== '');
  return different.join('\n').slice(0, LONGEST);
}

function attachmentTexts(attachment: unknown): readonly string[] {
  const fields = listAt(attachment, 'fields').map((field) =>
    [textAt(field, 'title'), textAt(field, 'value')].filter((part) => part !== undefined).join(': '),
  );
  return [
    ...ATTACHMENT_TEXTS.map((name) => textAt(attachment, name) ?? ''),
    ...fields,
    ...blockTexts(listAt(attachment, 'blocks'), 0),
  ];
}

/** The texts of blocks, wherever they are nested; words of one rich text stay in one line. */
function blockTexts(value: unknown, depth: number): readonly string[] {
  if (depth > DEEPEST || typeof value !== 'object' || value === null) {
    return [];
  }
  if (textAt(value, 'type')?.startsWith('rich_text') === true) {
    return [
      Object.values(value)
        .flatMap((part) => blockTexts(part, depth + 1))
        .join(' '),
    ];
  }
  const own = textAt(value, 'text');
  const nested = Object.values(value).flatMap((part) => blockTexts(part, depth + 1));
  return own === undefined ? nested : [own, ...nested];
}
