import type { RenderedMessage } from '../../../../src/adapters/slack/messages/rendered-message.ts';

/** What Slack would make of a text: special sequences, and in parsed text also what it links by itself. */
export interface Reference {
  readonly kind: 'special' | 'stray' | 'address' | 'name' | 'code';
  readonly text: string;
}

/**
 * Reads mrkdwn character by character, knowing nothing of how it was written. `links` is for texts in which Slack links
 * bare addresses and names, which `verbatim` forbids.
 */
export function scanMrkdwn(text: string, links: boolean): readonly Reference[] {
  const found: Reference[] = [];
  for (let at = 0; at < text.length; ) {
    const { reference, length } = text.charAt(at) === '<' ? angled(text, at) : single(text, at, links);
    found.push(...(reference === undefined ? [] : [reference]));
    at += length;
  }
  return (text.match(/`/g) ?? []).length % 2 === 0 ? found : [...found, { kind: 'code', text }];
}

interface Step {
  readonly reference?: Reference | undefined;
  readonly length: number;
}

function angled(text: string, at: number): Step {
  const end = text.indexOf('>', at);
  const nested = text.indexOf('<', at + 1);
  return end < 0 || (nested >= 0 && nested < end)
    ? { reference: { kind: 'stray', text: text.slice(at, at + 20) }, length: 1 }
    : { reference: { kind: 'special', text: text.slice(at, end + 1) }, length: end + 1 - at };
}

function single(text: string, at: number, links: boolean): Step {
  const rest = text.slice(at, at + 30);
  const stray = rest.startsWith('>') || (rest.startsWith('&') && !/^&(?:amp|lt|gt);/.test(rest));
  if (stray) {
    return { reference: { kind: 'stray', text: rest }, length: 1 };
  }
  return { reference: links ? linkedAt(rest) : undefined, length: 1 };
}

function linkedAt(rest: string): Reference | undefined {
  if (/^@[\w.-]/.test(rest)) {
    return { kind: 'name', text: rest };
  }
  return /^(?:[a-z]+:\/\/|www\.|mailto:)/i.test(rest) ? { kind: 'address', text: rest } : undefined;
}

const RICH_SPECIAL = new Set(['user', 'usergroup', 'channel', 'broadcast', 'link', 'team', 'date', 'emoji', 'color']);

/** Everything that a message refers to, in its blocks and in its text. */
export function referencesOf({ text, blocks }: RenderedMessage): readonly Reference[] {
  return [...scanMrkdwn(text, true), ...scanValue(blocks ?? [])];
}

function scanValue(value: unknown): readonly Reference[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const { type, text, verbatim, url } = value as { type?: unknown; text?: unknown; verbatim?: unknown; url?: unknown };
  const own: Reference[] = [];
  if (type === 'mrkdwn' && typeof text === 'string') {
    own.push(...scanMrkdwn(text, verbatim !== true));
  }
  if (typeof url === 'string' || (typeof type === 'string' && RICH_SPECIAL.has(type))) {
    own.push({ kind: 'special', text: JSON.stringify(value) });
  }
  return [...own, ...Object.values(value).flatMap(scanValue)];
}
