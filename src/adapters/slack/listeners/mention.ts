import type { App } from '@slack/bolt';
import { textAt } from '../fields.ts';
import type { ListenerDeps } from './listener-deps.ts';
import { mentionOrigin } from './origin.ts';
import { tellAskReply } from './tell.ts';

/** `@kubewhy why …`, the way to ask in threads. What other bots write is not heard. */
export function listenToMentions(app: App, deps: ListenerDeps): void {
  app.event('app_mention', async ({ body }) => {
    const origin = mentionOrigin(body, deps.identity.team);
    if (origin === undefined || textAt(body, 'event', 'bot_id') !== undefined) {
      return;
    }
    const text = withoutMention(textAt(body, 'event', 'text') ?? '', deps.identity.botUser);
    await tellAskReply(deps, origin, await deps.bot.ask(origin.act, text));
  });
}

/** The text behind the mention, or the whole without it when something stands before. */
export function withoutMention(text: string, botUser: string): string {
  return text
    .split(/(<@[A-Z0-9]+(?:\|[^>]*)?>)/)
    .filter((part) => !part.startsWith(`<@${botUser}>`) && !part.startsWith(`<@${botUser}|`))
    .join('')
    .trim();
}
