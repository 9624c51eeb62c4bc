import type { App } from '@slack/bolt';
import type { AskReply } from '../../../ports/bot.ts';
import { textAt } from '../fields.ts';
import type { ListenerDeps } from './listener-deps.ts';
import { commandOrigin, type Origin } from './origin.ts';
import { askReplyMessage, ephemeralResponse } from './tell.ts';
import { within } from './within.ts';

type Acknowledge = (response: Readonly<Record<string, unknown>>) => Promise<void>;

// A second in all: over HTTP up to 200 ms have passed with the look for replays.
const ACK_WITHIN_MS = 600;
const STILL = 'Still on it: the answer follows here.';

/** `/k8s …`: the acknowledgement says what is looked at, or what is wrong. */
export function listenToCommand(app: App, deps: ListenerDeps): void {
  app.command(/^\//, async ({ body, ack }) => {
    const acknowledge: Acknowledge = (response) => ack(response);
    const origin = commandOrigin(body, deps.identity.team);
    if (body.command !== deps.command || origin === undefined) {
      await acknowledge(ephemeralResponse({ text: `This app listens to \`${deps.command}\`.` }));
      return;
    }
    const asked = deps.bot.ask(origin.act, textAt(body, 'text') ?? '');
    const reply = await within(asked, ACK_WITHIN_MS);
    if (reply !== undefined) {
      await acknowledgeReply(deps, origin, acknowledge, reply);
      return;
    }
    await acknowledge(ephemeralResponse({ text: STILL }));
    await respond(deps, origin, await asked);
  });
}

async function acknowledgeReply(
  deps: ListenerDeps,
  origin: Origin,
  acknowledge: Acknowledge,
  reply: AskReply,
): Promise<void> {
  const message = askReplyMessage(reply);
  try {
    await acknowledge(message === undefined ? {} : ephemeralResponse(message));
  } catch (error) {
    // The connection went away meanwhile; Slack delivers again, and that one is a duplicate without words.
    deps.logger.warn('A command is answered through its response_url: its acknowledgement was lost', { error });
    await respond(deps, origin, reply);
  }
}

async function respond(deps: ListenerDeps, { act }: Origin, reply: AskReply): Promise<void> {
  const message = askReplyMessage(reply);
  if (message !== undefined && act.responseUrl !== undefined) {
    await deps.postResponse(act.responseUrl, ephemeralResponse(message));
  }
}
