import type { App } from '@slack/bolt';
import { textAt } from '../fields.ts';
import type { ListenerDeps } from './listener-deps.ts';
import { mentionOrigin } from './origin.ts';
import { tellAskReply } from './tell.ts';

/** `@kubewhy why …`, the way to ask in threads. Whether other bots may ask is up to the policy; its own words are not heard. */
export function listenToMentions(app: App, deps: ListenerDeps): void {
  app.event('app_mention', async ({ body }) => {
    const origin = mentionOrigin(body, deps.identity.team);
    const botId = textAt(body, 'event', 'bot_id');
    const { identity } = deps;
    if (origin === undefined || botId === identity.botId || origin.act.user === identity.botUser) {
      return;
    }
    const act = botId === undefined ? origin.act : { ...origin.act, byBot: true };
    const text = withoutMention(textAt(body, 'event', 'text') ?? '', identity.botUser);
    await tellAskReply(deps, origin, await deps.bot.ask(act, text));
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
