import type { PageChannel, PageUser } from '../../page-api.ts';
import { Avatar } from '../messages/avatar.tsx';
import { useSession } from '../session/session.ts';
import type { Place } from './place.ts';

interface Props {
  readonly place: Place;
  readonly unread: ReadonlySet<string>;
  readonly onGo: (place: Place) => void;
}

/** The workspace with its channels, the conversation with the bot, and the bot's Home. */
export function Sidebar({ place, unread, onGo }: Props) {
  const { state, deliver } = useSession();
  const { team, me, bot, channels } = state;
  const entry = (channel: PageChannel) => ({
    label: channel.is_im ? bot.real_name : channel.name,
    current: place.kind === 'channel' && place.channel === channel.id,
    unread: unread.has(channel.id),
    onOpen: () => onGo({ kind: 'channel', channel: channel.id }),
  });
  const openHome = () => {
    onGo({ kind: 'home' });
    void deliver('home', {});
  };
  return (
    <nav className="sidebar" aria-label="Channels">
      <p className="team">{team.name}</p>
      <h2>Channels</h2>
      <ul>
        {channels
          .filter(({ is_im }) => !is_im)
          .map((channel) => (
            <SidebarEntry key={channel.id} sign="#" {...entry(channel)} />
          ))}
      </ul>
      <h2>Apps</h2>
      <ul>
        {channels
          .filter(({ is_im }) => is_im)
          .map((channel) => (
            <SidebarEntry key={channel.id} sign="●" {...entry(channel)} />
          ))}
        <SidebarEntry
          sign="⌂"
          label={`${bot.real_name} · Home`}
          current={place.kind === 'home'}
          unread={false}
          onOpen={openHome}
        />
      </ul>
      <p className="me">
        <Avatar user={me} />
        <span>
          {me.real_name}
          <small>that is you</small>
        </span>
      </p>
      <OtherWindows />
    </nav>
  );
}

interface EntryProps {
  readonly sign: string;
  readonly label: string;
  readonly current: boolean;
  readonly unread: boolean;
  readonly onOpen: () => void;
}

function SidebarEntry({ sign, label, current, unread, onOpen }: EntryProps) {
  return (
    <li>
      <button
        type="button"
        className={unread ? 'unread' : undefined}
        aria-current={current ? 'page' : undefined}
        onClick={onOpen}
      >
        <span aria-hidden="true">{sign}</span>
        {label}
        {unread ? <small className="hidden-text"> (new messages)</small> : null}
      </button>
    </li>
  );
}

/** Some changes need the approval of somebody else: a window of their own for each colleague. */
function OtherWindows() {
  const { me, users } = useSession().state;
  const others = users.filter((user) => user.id !== me.id && isColleague(user));
  return (
    <ul className="others">
      {others.map(({ id, name, real_name }) => (
        <li key={id}>
          <a href={`/?as=${encodeURIComponent(name)}${location.hash}`} target="_blank" rel="noreferrer">
            Open a window as {real_name} ↗
          </a>
        </li>
      ))}
    </ul>
  );
}

function isColleague({ is_bot, is_guest, is_foreign, deleted }: PageUser): boolean {
  return !is_bot && !is_guest && !is_foreign && !deleted;
}
