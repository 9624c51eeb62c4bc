import type { ReactNode } from 'react';
import type { PageState } from '../../page-api.ts';
import { formatSlackDate } from '../text/slack-date.ts';
import { Emoji } from './emoji.tsx';
import type { RenderSettings } from './render-context.ts';

type Hooks = RenderSettings['hooks'];
type LinkInput = Parameters<NonNullable<Hooks['link']>>[0];

/** Names and looks that the renderer cannot know by itself. */
export const RENDER_HOOKS: Hooks = {
  emoji: ({ name }, parse) => <Emoji name={name} fallback={parse({ name })} />,
  link: safeLink,
  date: ({ timestamp, format, fallback }) => formatSlackDate(timestamp, format) ?? fallback,
};

/** Names for mentions. */
export function renderData({ users, channels, usergroups }: PageState): RenderSettings['data'] {
  return {
    users: users.map(({ id, name }) => ({ id, name })),
    channels: channels.map(({ id, name }) => ({ id, name })),
    user_groups: usergroups.map(({ id, handle }) => ({ id, name: handle })),
  };
}

/** An address that could run something is shown as text. */
function safeLink({ href, children, className }: LinkInput): ReactNode {
  if (!/^(?:https?:|mailto:|tel:)/i.test(href)) {
    return children;
  }
  return (
    <a href={href} className={className} target="_blank" rel="noreferrer noopener">
      {children}
    </a>
  );
}
