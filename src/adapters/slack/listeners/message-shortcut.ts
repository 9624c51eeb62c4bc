import type { App } from '@slack/bolt';
import { textAt, valueAt } from '../fields.ts';
import type { ListenerDeps } from './listener-deps.ts';
import { messageText } from './message-text.ts';
import { shortcutOrigin } from './origin.ts';
import { tellAskReply, tellNotice } from './tell.ts';

/** The callback id of the message shortcut "Why? (Kubewhy)" in the manifest. */
export const WHY_SHORTCUT = 'kubewhy_why';

/** The message shortcut: asks about what a message speaks of. */
export function listenToShortcuts(app: App, deps: ListenerDeps): void {
  app.shortcut(/./, async ({ body, ack }) => {
    await ack();
    const origin = shortcutOrigin(body, deps.identity.team);
    if (origin === undefined) {
      return;
    }
    if (textAt(body, 'callback_id') !== WHY_SHORTCUT) {
      await tellNotice(deps, origin, { text: 'This shortcut is from another version of Kubewhy.' });
      return;
    }
    const reply = await deps.bot.askAboutMessage(origin.act, messageText(valueAt(body, 'message')));
    await tellAskReply(deps, origin, reply);
  });
}
