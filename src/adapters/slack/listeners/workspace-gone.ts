import type { App } from '@slack/bolt';
import { listAt } from '../fields.ts';
import type { ListenerDeps } from './listener-deps.ts';

/** The app was removed, or its bot token was revoked: nothing is sent to the workspace any more. */
export function listenToRemoval(app: App, deps: ListenerDeps): void {
  const { team } = deps.identity;
  app.event('app_uninstalled', async () => {
    await deps.bot.workspaceGone(team, 'The app was uninstalled.');
  });
  app.event('tokens_revoked', async ({ body }) => {
    // Tokens of people are revoked too; Kubewhy has none.
    if (listAt(body, 'event', 'tokens', 'bot').length > 0) {
      await deps.bot.workspaceGone(team, 'The tokens of the app were revoked.');
    }
  });
}
