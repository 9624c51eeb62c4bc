import type { App } from '@slack/bolt';
import { textAt } from '../fields.ts';
import type { ListenerDeps } from './listener-deps.ts';
import { withoutMention } from './mention.ts';
import { directOrigin } from './origin.ts';
import { tellAskReply } from './tell.ts';

/** What somebody writes to the bot directly. Edits, and what bots write, the bot itself included, are not heard. */
export function listenToDirectMessages(app: App, deps: ListenerDeps): void {
  app.event('message', async ({ body }) => {
    const origin = directOrigin(body, deps.identity.team);
    if (origin === undefined || !isWrittenByPerson(body)) {
      return;
    }
    const text = withoutMention(textAt(body, 'event', 'text') ?? '', deps.identity.botUser);
    await tellAskReply(deps, origin, await deps.bot.ask(origin.act, text));
  });
}

function isWrittenByPerson(body: unknown): boolean {
  const isPlain = textAt(body, 'event', 'subtype') === undefined && textAt(body, 'event', 'bot_id') === undefined;
  return isPlain && textAt(body, 'event', 'channel_type') === 'im';
}
