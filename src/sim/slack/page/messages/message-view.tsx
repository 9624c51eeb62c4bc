import { useMemo } from 'react';
import type { PageBlock, PageMessage, PageUser } from '../../page-api.ts';
import { type Surface, SurfaceContext } from '../blocks/acting.ts';
import { Blocks } from '../blocks/blocks.tsx';
import { Emoji } from '../blocks/emoji.tsx';
import { useSession } from '../session/session.ts';
import { clockTime, dateOf } from '../text/time.ts';
import { Avatar } from './avatar.tsx';
import { FileCard } from './file-card.tsx';
import { MessageTools } from './message-tools.tsx';

interface Props {
  readonly message: PageMessage;
  /** Opens the thread; absent inside of one. */
  readonly onThread?: (parent: string) => void;
}

/** A message with its author, blocks, files, reactions and what can be done with it. */
export function MessageView({ message, onThread }: Props) {
  const user = useAuthor(message.user);
  const name = user?.real_name ?? message.user;
  return (
    <article
      className={message.ephemeral ? 'message message-ephemeral' : 'message'}
      aria-label={`${name}, ${clockTime(message.ts)}`}
    >
      <Avatar user={user} />
      <div className="message-body">
        {message.ephemeral ? <p className="only-you">Only visible to you</p> : null}
        {message.broadcast ? <p className="only-you">replied to a thread</p> : null}
        <header>
          <strong>{name}</strong>
          {user?.is_bot === true ? <span className="app-badge">APP</span> : null}
          <time dateTime={dateOf(message.ts).toISOString()}>{clockTime(message.ts)}</time>
        </header>
        <MessageContent message={message} />
        {onThread === undefined ? null : <Replies message={message} onThread={onThread} />}
      </div>
      <MessageTools message={message} {...(onThread === undefined ? {} : { onThread })} />
    </article>
  );
}

function useAuthor(id: string): PageUser | undefined {
  const { users, bot } = useSession().state;
  return [bot, ...users].find((user) => user.id === id);
}

function Replies({ message, onThread }: Required<Props>) {
  const { replies, ts } = message;
  const last = replies.at(-1);
  if (last === undefined) {
    return null;
  }
  return (
    <button type="button" className="replies" onClick={() => onThread(ts)}>
      {replies.length} {replies.length === 1 ? 'reply' : 'replies'}
      <small>Last reply {clockTime(last.ts)}</small>
    </button>
  );
}

function MessageContent({ message }: { readonly message: PageMessage }) {
  const surface = useMessageSurface(message);
  return (
    <SurfaceContext value={surface}>
      <Blocks blocks={shownBlocks(message)} />
      {message.edited ? <span className="edited">(edited)</span> : null}
      {message.files.map((file) => (
        <FileCard key={file.id} file={file} />
      ))}
      {message.reactions.length === 0 ? null : (
        <div className="reactions">
          {message.reactions.map(({ name, users }) => (
            <span key={name}>
              <Emoji name={name} fallback={`:${name}:`} /> {users.length}
            </span>
          ))}
        </div>
      )}
    </SurfaceContext>
  );
}

/** The text counts only when there is nothing else to show, as in Slack. */
function shownBlocks({ blocks, attachments, text, files }: PageMessage): readonly PageBlock[] {
  const attached = attachments.flatMap((attachment) =>
    Array.isArray(attachment['blocks']) ? (attachment['blocks'] as readonly PageBlock[]) : [],
  );
  if (blocks.length > 0 || attached.length > 0) {
    return [...blocks, ...attached];
  }
  return text === '' && files.length > 0 ? [] : [{ type: 'section', text: { type: 'mrkdwn', text } }];
}

function useMessageSurface({ channel, ts }: PageMessage): Surface {
  const { deliver, state } = useSession();
  return useMemo(() => {
    return {
      act: async (block_id, action_id, choice) => {
        await deliver('action', { channel, message_ts: ts, block_id, action_id, ...choice });
      },
      change: () => undefined,
      valueOf: () => undefined,
      errors: {},
      users: state.users.map(({ id, real_name }) => ({ id, label: real_name })),
      channels: state.channels.map(({ id, name }) => ({ id, label: `#${name}` })),
    };
  }, [deliver, channel, ts, state.users, state.channels]);
}
