import type { ThreadPlace } from '../../../core/chat/content.ts';

/**
 * Mrkdwn that links words of ours to a message; the words alone where the workspace or the place is not a checked one.
 * `words` is mrkdwn without `|` and angle brackets.
 */
export function threadLink(place: ThreadPlace | undefined, words: string, workspaceUrl: string | undefined): string {
  const url = place === undefined ? undefined : threadUrl(place, workspaceUrl);
  return url === undefined ? words : `<${url}|${words}>`;
}

/** The address of a message, or undefined where it cannot be told. */
function threadUrl({ channel, ts }: ThreadPlace, workspaceUrl: string | undefined): string | undefined {
  const isPlace = /^[CDG][A-Z0-9]{2,30}$/.test(channel) && /^\d{1,12}\.\d{1,9}$/.test(ts);
  const base = checkedWorkspace(workspaceUrl);
  return isPlace && base !== undefined ? `${base}archives/${channel}/p${ts.replace('.', '')}` : undefined;
}

/** The address of a workspace, `https://team.slack.com/`, if it is nothing but a host; undefined otherwise. */
export function checkedWorkspace(url: string | undefined): string | undefined {
  const [, host] = /^https:\/\/([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8})\/?$/.exec(url ?? '') ?? [];
  return host === undefined ? undefined : `https://${host}/`;
}
