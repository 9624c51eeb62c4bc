import { useEffect } from 'react';
import type { PageView } from '../../page-api.ts';
import { SurfaceContext } from '../blocks/acting.ts';
import { Blocks } from '../blocks/blocks.tsx';
import { useViewSurface } from '../dialogs/use-view-surface.ts';
import { useSession } from '../session/session.ts';
import { Notices } from './notices.tsx';
import { PaneHeader } from './pane-header.tsx';

/** The bot's Home tab. */
export function HomePane({ onMenu }: { readonly onMenu: () => void }) {
  const { state, deliver } = useSession();
  const missing = state.home === undefined;
  useEffect(() => {
    if (missing) {
      void deliver('home', {});
    }
  }, [missing, deliver]);
  return (
    <main className="pane" aria-label={`${state.bot.real_name} Home`}>
      <PaneHeader title={`${state.bot.real_name} · Home`} onMenu={onMenu} />
      <div className="home" tabIndex={0} role="region" aria-label="Home" aria-live="polite">
        {state.home === undefined ? <p className="empty">Nothing here yet …</p> : <HomeView view={state.home} />}
      </div>
      <Notices channel="home" />
    </main>
  );
}

function HomeView({ view }: { readonly view: PageView }) {
  const { surface } = useViewSurface(view);
  return (
    <SurfaceContext value={surface}>
      <Blocks blocks={view.blocks} />
    </SurfaceContext>
  );
}
