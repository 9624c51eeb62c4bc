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
// Slack delivers again within seconds what was not acknowledged.
const REMEMBER_MS = 10_000;
const STILL = 'Still on it: the answer follows here.';

/** `/k8s …`: the acknowledgement says what is looked at, or what is wrong. */
export function listenToCommand(app: App, deps: ListenerDeps): void {
  const recent = new Map<string, Promise<AskReply>>();
  app.command(/^\//, async ({ body, ack }) => {
    const acknowledge: Acknowledge = (response) => ack(response);
    const origin = commandOrigin(body, deps.identity.team);
    if (body.command !== deps.command || origin === undefined) {
      await acknowledge(ephemeralResponse({ text: `This app listens to \`${deps.command}\`.` }));
      return;
    }
    const earlier = recent.get(origin.act.delivery);
    if (earlier !== undefined) {
      await acknowledgeAgain(deps, acknowledge, earlier);
      return;
    }
    const asked = deps.bot.ask(origin.act, textAt(body, 'text') ?? '');
    rememberFor(REMEMBER_MS, recent, origin.act.delivery, asked);
    const reply = await within(asked, ACK_WITHIN_MS);
    if (reply !== undefined) {
      await acknowledgeReply(deps, origin, acknowledge, reply);
      return;
    }
    await acknowledge(ephemeralResponse({ text: STILL }));
    await respond(deps, origin, await asked);
  });
}

/** The same command again: acknowledged in the same words, since either of the two may be the one that Slack shows. */
async function acknowledgeAgain(deps: ListenerDeps, acknowledge: Acknowledge, asked: Promise<AskReply>): Promise<void> {
  deps.metrics.count('duplicates_total', { kind: 'command' });
  const reply = await within(asked, ACK_WITHIN_MS);
  const message = reply === undefined ? { text: STILL } : askReplyMessage(reply);
  try {
    await acknowledge(message === undefined ? {} : ephemeralResponse(message));
  } catch (error) {
    deps.logger.warn('The acknowledgement of a repeated command was lost', { error });
  }
}

function rememberFor<Value>(ms: number, map: Map<string, Value>, key: string, value: Value): void {
  map.set(key, value);
  setTimeout(() => map.delete(key), ms).unref();
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
