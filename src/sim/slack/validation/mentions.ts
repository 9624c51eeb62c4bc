import { walk } from './walk.ts';

/** The mentions and links that a test expects. */
export interface Allowed {
  /** `U…`, `S…`, `C…`, or `here`, `channel`, `everyone`. */
  readonly mentions: readonly string[];
  /** Starts of addresses. */
  readonly links: readonly string[];
}

const CODE = /```[\s\S]*?```|`[^`\n]*`/g;
const ANGLED = /<([^<>\n]+)>/g;
const BARE_ADDRESS = /\b(?:https?|ftp|slack):\/\/[^\s<>|]+/gi;

/** Mentions and links in text that Slack parses, other than the allowed ones. Each is named with its pointer. */
export function unexpectedReferences(
  content: { readonly text: string; readonly blocks: readonly unknown[] },
  allowed: Allowed,
): readonly string[] {
  // Beside blocks the text is only a notification, in which addresses are no links.
  const isShown = content.blocks.length === 0;
  const problems = referencesIn(content.text, isShown, allowed).map((found) => `/text: ${found}`);
  for (const { object, pointer } of walk(content.blocks, '/blocks')) {
    problems.push(...referencesOf(object, allowed).map((found) => `${pointer}: ${found}`));
  }
  return problems;
}

function referencesOf(object: Readonly<Record<string, unknown>>, allowed: Allowed): readonly string[] {
  const { type, text } = object;
  if ((type === 'mrkdwn' || type === 'markdown') && typeof text === 'string') {
    return referencesIn(text, object['verbatim'] !== true, allowed);
  }
  const found = richReference(object);
  return found === undefined || isAllowed(found, allowed) ? [] : [describe(found)];
}

interface Reference {
  readonly kind: 'mention' | 'link';
  readonly target: string;
}

const RICH_FIELDS: Readonly<Record<string, string>> = {
  user: 'user_id',
  usergroup: 'usergroup_id',
  channel: 'channel_id',
  broadcast: 'range',
  link: 'url',
};

function richReference(object: Readonly<Record<string, unknown>>): Reference | undefined {
  const { type } = object;
  const field = typeof type === 'string' ? RICH_FIELDS[type] : undefined;
  const target = field === undefined ? undefined : object[field];
  if (typeof target === 'string') {
    return { kind: type === 'link' ? 'link' : 'mention', target };
  }
  return type === 'button' && typeof object['url'] === 'string' ? { kind: 'link', target: object['url'] } : undefined;
}

function referencesIn(text: string, linksBareAddresses: boolean, allowed: Allowed): readonly string[] {
  const found = [...text.matchAll(ANGLED)].flatMap(([, inner]) => angledReference(inner ?? '') ?? []);
  if (linksBareAddresses) {
    const rest = text.replace(CODE, ' ').replace(ANGLED, ' ');
    found.push(...[...rest.matchAll(BARE_ADDRESS)].map(([target]) => ({ kind: 'link' as const, target })));
  }
  return found.filter((reference) => !isAllowed(reference, allowed)).map(describe);
}

function angledReference(inner: string): Reference | undefined {
  const target = inner.split('|')[0] ?? '';
  if (target.startsWith('!date^')) {
    const address = /^!date\^[^^]*\^[^^]*\^(.+)$/.exec(target)?.[1];
    return address === undefined ? undefined : { kind: 'link', target: address };
  }
  if (/^[@#]/.test(target)) {
    return { kind: 'mention', target: target.slice(1) };
  }
  if (target.startsWith('!')) {
    return { kind: 'mention', target: target.slice(1).replace(/^subteam\^/, '') };
  }
  return /^[a-z][a-z0-9+.-]*:/i.test(target) ? { kind: 'link', target } : undefined;
}

function isAllowed({ kind, target }: Reference, allowed: Allowed): boolean {
  return kind === 'mention'
    ? allowed.mentions.includes(target)
    : allowed.links.some((start) => target.startsWith(start));
}

function describe({ kind, target }: Reference): string {
  return `${kind} of ${target} is not in the allow-list`;
}
