import { oneLine, printable } from '../../../core/facts/text.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
/** What Slack would take for bold, struck out, italic, or an emoji; an underscore inside a word is none of these. */
const FORMATTING = /[*~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|:[\w+'-]+:/u;
/** Look the same and mean nothing; only where a code span does not fit. */
const LOOKALIKES: Readonly<Record<string, string>> = { '*': '\u2217', '~': '\u223c', _: '\u02cd', ':': '\u2236' };
/** Units that must not be torn apart: an entity, what stands in angle brackets, an emoji of ours, one character. */
const ATOMS = /```|&(?:amp|lt|gt);|<[^<>]*>|:[a-z_]+:|[\s\S]/gu;
const WORD_JOINER = '\u2060';

/** Untrusted text as mrkdwn without any meaning: no mention, link or special command can come of it. */
export function escapeMrkdwn(text: string): string {
  return printable(text).replaceAll(/[&<>]/g, (char) => ENTITIES[char] ?? char);
}

/** Untrusted text as one code span; empty for blank text. A backtick becomes an apostrophe, or it would end the span. */
export function code(text: string): string {
  const inner = oneLine(text).replaceAll('`', "'");
  return inner === '' ? '' : `\`${escapeMrkdwn(inner)}\``;
}

/**
 * A sentence as mrkdwn on one line. Pairs of backticks become code spans; a lone one becomes an apostrophe. Words that
 * Slack would format become code spans as well, so that they read as they were written.
 */
export function prose(text: string): string {
  const parts = oneLine(text).split('`');
  if (parts.length % 2 === 0) {
    const last = parts.pop() ?? '';
    parts.push(`${parts.pop() ?? ''}'${last}`);
  }
  const pieces = parts.map((part, index) =>
    index % 2 === 1 ? code(part) : literal(part, { first: index === 0, last: index === parts.length - 1 }),
  );
  return pieces.reduce(joinSpans, '').trim();
}

/** Text without backticks on one line, for cells, labels and notifications, where no code spans exist. Not escaped. */
export function plainWords(text: string): string {
  return oneLine(text.replaceAll('`', ''));
}

/** Bold mrkdwn around mrkdwn of this module, which holds no asterisk of its own outside code. */
export function bold(mrkdwn: string): string {
  return mrkdwn === '' ? '' : `*${mrkdwn}*`;
}

/** The text with a full stop, unless it ends a sentence already. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return trimmed === '' || /[.!?:…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** The text with a capital first letter, if it begins with a plain word and not with a name. */
export function capitalised(text: string): string {
  return /^[a-z]+[ ,]/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}

/** An RFC 3339 time in the reader's time zone, with UTC for clients that cannot; empty for no time. */
export function slackTime(time: string, sameDayAs: string): string {
  const at = Date.parse(time);
  if (Number.isNaN(at)) {
    return '';
  }
  const text = new Date(at).toISOString();
  const today = text.slice(0, 10) === sameDayAs.slice(0, 10);
  const shown = today ? '{time}' : '{date_short_pretty} {time}';
  const fallback = today ? text.slice(11, 16) : `${text.slice(0, 10)} ${text.slice(11, 16)}`;
  return `<!date^${Math.floor(at / 1000)}^${shown}|${fallback} UTC>`;
}

/** A mention of a person by a checked id, or `somebody`. */
export function mention(user: string): string {
  return /^[UW][A-Z0-9]{2,30}$/.test(user) ? `<@${user}>` : 'somebody';
}

/** A mention of a person (`U…`, `W…`) or a user group (`S…`) by a checked id; empty for anything else. */
export function mentionOf(id: string): string {
  if (/^S[A-Z0-9]{2,30}$/.test(id)) {
    return `<!subteam^${id}>`;
  }
  return mention(id).startsWith('<') ? mention(id) : '';
}

/**
 * Text for the top-level `text`, where Slack may link bare addresses and names: those are broken with word joiners. A
 * link of ours, in angle brackets, stays.
 */
export function withoutAutolinks(mrkdwn: string): string {
  return mrkdwn
    .split(/(<https:[^<>|]*\|)/)
    .map((part, index) => (index % 2 === 1 ? part : broken(part)))
    .join('');
}

function broken(mrkdwn: string): string {
  return mrkdwn
    .replaceAll(/(?<!<)@(?=[\p{L}\p{N}_])/gu, `@${WORD_JOINER}`)
    .replaceAll('://', `:${WORD_JOINER}//`)
    .replaceAll(/(mailto|tel|slack):/gi, `$1${WORD_JOINER}:`)
    .replaceAll(/www\./gi, (word) => `${word.slice(0, 3)}${WORD_JOINER}.`);
}

/** Untrusted text for the top-level `text` of a message with blocks: what notifications and screen readers say. */
export function notificationText(text: string): string {
  return withoutAutolinks(escapeMrkdwn(plainWords(text)));
}

/**
 * At most `limit` UTF-16 units of mrkdwn of this module; a cut is marked with `…`. Entities, dates, mentions and
 * characters stay whole; open code and bold spans are closed.
 */
export function cutMrkdwn(mrkdwn: string, limit: number): string {
  if (mrkdwn.length <= limit) {
    return mrkdwn;
  }
  let kept = '';
  let open: readonly string[] = [];
  for (const [atom] of mrkdwn.matchAll(ATOMS)) {
    const next = toggled(open, atom);
    if (kept.length + atom.length + closing(next).length + 1 > limit) {
      break;
    }
    kept += atom;
    open = next;
  }
  return finished(kept, open);
}

/** At most `limit` UTF-16 units of plain text; a cut is marked with `…` and splits no character. */
export function cutPlain(text: string, limit: number): string {
  if (text.length <= limit) {
    return text;
  }
  const room = Math.max(0, limit - 1);
  const end = /[\ud800-\udbff]/.test(text.charAt(room - 1)) ? room - 1 : room;
  return `${text.slice(0, end)}…`.slice(0, limit);
}

/** Spans that touch would be read as one with a double backtick. */
function joinSpans(before: string, piece: string): string {
  return before.endsWith('`') && piece.startsWith('`') ? `${before} ${piece}` : before + piece;
}

function literal(text: string, at: { readonly first: boolean; readonly last: boolean }): string {
  const words = text.split(/( +)/);
  return words
    .map((word, index) => {
      const alone = (index > 0 || at.first) && (index < words.length - 1 || at.last);
      return FORMATTING.test(word) ? unformatted(word, alone) : escapeMrkdwn(word);
    })
    .join('');
}

/** A word that Slack would format: as a code span without the punctuation around it, else with characters that look the same. */
function unformatted(word: string, alone: boolean): string {
  const [, before = '', core = '', after = ''] = /^([([{"']*)(.*?)([)\]}"'.,;:!?…]*)$/u.exec(word) ?? [];
  return alone && core !== ''
    ? `${escapeMrkdwn(before)}${code(core)}${escapeMrkdwn(after)}`
    : escapeMrkdwn(word.replaceAll(/[*~_:]/g, (char) => LOOKALIKES[char] ?? char));
}

/** The spans that are open behind an atom, innermost last; inside code only its own end means something. */
function toggled(open: readonly string[], atom: string): readonly string[] {
  const inner = open.at(-1);
  if (inner === atom) {
    return open.slice(0, -1);
  }
  const opens = atom === '```' || atom === '`' || atom === '*';
  return opens && inner !== '`' && inner !== '```' ? [...open, atom] : open;
}

function closing(open: readonly string[]): string {
  return open.toReversed().join('');
}

/** A span that was opened by the last character holds nothing: it is left out instead of closed. */
function finished(kept: string, open: readonly string[]): string {
  const last = open.at(-1);
  return last !== undefined && kept.endsWith(last)
    ? finished(kept.slice(0, -last.length), open.slice(0, -1))
    : `${kept}…${closing(open)}`;
}
