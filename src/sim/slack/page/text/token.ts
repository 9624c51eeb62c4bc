import type { RichTextSectionElement } from 'slack-blocks-to-jsx';
import type { InlineStyle } from './inline-style.ts';
import { formatSlackDate } from './slack-date.ts';

const BROADCASTS = ['here', 'channel', 'everyone'] as const;

/** What stands between `<` and `>`: a mention, a date or a link; undefined when it is neither. */
export function parseToken(token: string, style: InlineStyle): RichTextSectionElement | undefined {
  const [target = '', ...rest] = token.split('|');
  const label = rest.length === 0 ? undefined : decode(rest.join('|'));
  switch (target.charAt(0)) {
    case '@':
      return { type: 'user', user_id: target.slice(1) };
    case '#':
      return { type: 'channel', channel_id: target.slice(1) };
    case '!':
      return special(target.slice(1), label, style);
    default:
      return link(decode(target), label, style);
  }
}

function special(name: string, label: string | undefined, style: InlineStyle): RichTextSectionElement | undefined {
  const range = BROADCASTS.find((broadcast) => broadcast === name);
  if (range !== undefined) {
    return { type: 'broadcast', range };
  }
  const [kind, ...values] = name.split('^');
  if (kind === 'subteam') {
    return { type: 'usergroup', usergroup_id: values[0] ?? '' };
  }
  if (kind === 'date') {
    return { type: 'text', text: formatSlackDate(values[0] ?? '', values[1] ?? '') ?? label ?? '', style };
  }
  return label === undefined ? undefined : { type: 'text', text: label, style };
}

/** Only addresses that a person may follow without running anything. */
function link(url: string, label: string | undefined, style: InlineStyle): RichTextSectionElement | undefined {
  if (!/^(?:https?:\/\/|mailto:|tel:)/i.test(url)) {
    return undefined;
  }
  return { type: 'link', url, text: label ?? url.replace(/^(?:mailto|tel):/i, ''), style };
}

function decode(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
