import type { App } from '@slack/bolt';
import { isKubewhyError } from '../../../core/errors/kubewhy-error.ts';
import { textAt } from '../fields.ts';
import type { ListenerDeps } from './listener-deps.ts';

/** The Home tab: published anew whenever somebody opens it. */
export function listenToHome(app: App, deps: ListenerDeps): void {
  app.event('app_home_opened', async ({ body }) => {
    const user = textAt(body, 'event', 'user');
    if (user === undefined || textAt(body, 'event', 'tab') !== 'home') {
      return;
    }
    try {
      await storeHome(deps, user, openedAt(body));
    } catch (error) {
      if (!isKubewhyError(error, 'STORE_UNAVAILABLE') && !isKubewhyError(error, 'CHAT_UNAVAILABLE')) {
        throw error;
      }
      // The tab keeps what it showed before; the next opening tries again.
      deps.logger.warn('The Home tab could not be renewed', { error });
    }
  });
}

async function storeHome(deps: ListenerDeps, user: string, version: number): Promise<void> {
  const { team } = deps.identity;
  const home = await deps.bot.home(team, user);
  const key = `home-${team}-${user}`;
  await deps.outbox.put({ kind: 'home', key, team, user, priority: 'news', version, content: { kind: 'home', home } });
}

/** Milliseconds since 1970: a later opening is a newer version, a second delivery of one opening is the same. */
function openedAt(body: unknown): number {
  const seconds = Number(textAt(body, 'event', 'event_ts') ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.round(seconds * 1000) : Date.now();
}
