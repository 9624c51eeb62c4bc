import { useMemo, useState } from 'react';
import { RenderContext, type RenderSettings } from '../blocks/render-context.ts';
import { RENDER_HOOKS, renderData } from '../blocks/render-hooks.tsx';
import { ViewModal } from '../dialogs/view-modal.tsx';
import { type Session, SessionContext, useNewSession } from '../session/session.ts';
import { ChannelPane } from './channel-pane.tsx';
import { HomePane } from './home-pane.tsx';
import { type Place, usePlace } from './place.ts';
import { Sidebar } from './sidebar.tsx';
import { ThreadPane } from './thread-pane.tsx';
import { useDark } from './use-dark.ts';
import { useUnread } from './use-unread.ts';

/** The whole page. */
export function App() {
  const session = useNewSession();
  if (session === undefined) {
    return (
      <p className="loading" role="status">
        Connecting to Kubewhy …
      </p>
    );
  }
  return (
    <SessionContext value={session}>
      <Workspace session={session} />
    </SessionContext>
  );
}

function Workspace({ session }: { readonly session: Session }) {
  const { state, connected } = session;
  const theme = useDark() ? 'dark' : 'light';
  const [named, goTo] = usePlace();
  const [menuOpen, setMenuOpen] = useState(false);
  const place = knownPlace(named, session);
  const unread = useUnread(state, place);
  const { users, channels, usergroups } = state;
  const settings = useMemo<RenderSettings>(
    () => ({ theme, hooks: RENDER_HOOKS, data: renderData({ ...state, users, channels, usergroups }) }),
    [theme, users, channels, usergroups],
  );
  const go = (next: Place) => {
    setMenuOpen(false);
    goTo(next);
  };
  return (
    <RenderContext value={settings}>
      <div
        className={menuOpen ? 'workspace menu-open' : 'workspace'}
        data-theme={theme}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            setMenuOpen(false);
          }
        }}
      >
        <Banner text={state.banner} connected={connected} />
        <Sidebar place={place} unread={unread} onGo={go} />
        {menuOpen ? (
          <button type="button" className="scrim" aria-label="Close the menu" onClick={() => setMenuOpen(false)} />
        ) : null}
        <PlaceView place={place} onGo={go} onMenu={() => setMenuOpen(true)} />
        {state.view === undefined ? null : <ViewModal key={state.view.id} view={state.view} />}
      </div>
    </RenderContext>
  );
}

interface PlaceViewProps {
  readonly place: Place;
  readonly onGo: (place: Place) => void;
  readonly onMenu: () => void;
}

function PlaceView({ place, onGo, onMenu }: PlaceViewProps) {
  if (place.kind === 'home') {
    return <HomePane onMenu={onMenu} />;
  }
  const { channel, thread } = place;
  return (
    <>
      <ChannelPane
        key={channel}
        channel={channel}
        onMenu={onMenu}
        onThread={(parent) => onGo({ kind: 'channel', channel, thread: parent })}
      />
      {thread === undefined ? null : (
        <ThreadPane key={thread} channel={channel} thread={thread} onClose={() => onGo({ kind: 'channel', channel })} />
      )}
    </>
  );
}

/** Whose data it is comes first: nobody should wonder which cluster is asked. */
function Banner({ text, connected }: { readonly text: string | undefined; readonly connected: boolean }) {
  return (
    <div className="banner" role="status">
      {connected
        ? (text ?? 'A stand-in for Slack, on this machine only.')
        : 'The connection to Kubewhy is lost. Trying again …'}
    </div>
  );
}

function knownPlace(place: Place | undefined, { state }: Session): Place {
  const first: Place = { kind: 'channel', channel: state.channels[0]?.id ?? '' };
  if (place?.kind === 'channel' && !state.channels.some(({ id }) => id === place.channel)) {
    return first;
  }
  return place ?? first;
}
