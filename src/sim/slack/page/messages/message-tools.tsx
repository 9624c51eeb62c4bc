import type { PageMessage } from '../../page-api.ts';
import { Menu } from '../dialogs/menu.tsx';
import { useSession } from '../session/session.ts';

interface Props {
  readonly message: PageMessage;
  readonly onThread?: (parent: string) => void;
}

/** What can be done with a message: reply in its thread, or use a shortcut of the app. */
export function MessageTools({ message, onThread }: Props) {
  const { state, deliver } = useSession();
  if (message.ephemeral) {
    return null;
  }
  const shortcuts = state.shortcuts.map(({ callback_id, name }) => ({
    label: name.includes(state.bot.real_name) ? name : `${name} (${state.bot.real_name})`,
    onSelect: () => void deliver('shortcut', { channel: message.channel, message_ts: message.ts, callback_id }),
  }));
  return (
    <div className="message-tools">
      {onThread === undefined ? null : (
        <button
          type="button"
          className="icon-button"
          aria-label="Reply in thread"
          title="Reply in thread"
          onClick={() => onThread(message.thread_ts ?? message.ts)}
        >
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path
              d="M3 4h14v9H9l-4 3.5V13H3z"
              fill="none"
              stroke="currentColor"
              strokeWidth="1.6"
              strokeLinejoin="round"
            />
          </svg>
        </button>
      )}
      {shortcuts.length === 0 ? null : (
        <Menu label="More actions" className="icon-button" items={shortcuts}>
          <svg viewBox="0 0 20 20" aria-hidden="true" fill="currentColor">
            <circle cx="10" cy="4" r="1.7" />
            <circle cx="10" cy="10" r="1.7" />
            <circle cx="10" cy="16" r="1.7" />
          </svg>
        </Menu>
      )}
    </div>
  );
}
