import { failureOf } from '../delivery/apply-answer.ts';
import type { Delivery } from '../delivery/delivery-types.ts';
import type { ActionPlace } from '../delivery/driver-inputs.ts';
import type {
  PageActionRequest,
  PageAnswer,
  PageCloseViewRequest,
  PageCommandRequest,
  PageMessageRequest,
  PagePlayRequest,
  PageShortcutRequest,
  PageSubmitRequest,
} from '../page-api.ts';
import { isObject } from '../validation/walk.ts';
import { pageState } from './page-json.ts';
import type { PageServed } from './page-served.ts';

/** Types a slash command; what Slack escapes in it is escaped. */
export async function typeCommand(served: PageServed, { channel, text }: PageCommandRequest): Promise<PageAnswer> {
  const { state, drivers, viewer } = served;
  const line = text.trim();
  const [command = ''] = line.split(/\s/);
  const known = pageState(state, viewer).commands.map((one) => one.command);
  if (!known.includes(command)) {
    return { ok: false, error: `${command} is not a valid command.` };
  }
  const delivery = await drivers.command({
    ...me(served),
    channel,
    command,
    text: escaped(line.slice(command.length).trim()),
  });
  return answerOf(delivery, (failure) => `${command} failed with the error "${failure}"`);
}

/** Posts a message; one that mentions the bot is delivered. */
export async function postText(
  served: PageServed,
  { channel, text, thread_ts: threadTs }: PageMessageRequest,
): Promise<PageAnswer> {
  const { state, drivers } = served;
  const { app } = state.world;
  const bot = state.world.user(app.botUserId)?.name ?? '';
  const mention = `<@${app.botUserId}>`;
  const parts = text.split(mention).map((part) => escaped(part).replaceAll(`@${bot}`, mention));
  const sent = { ...me(served), channel, text: parts.join(mention), ...(threadTs === undefined ? {} : { threadTs }) };
  if (state.world.directChannel(sent.user).id === channel) {
    return answerOf(await drivers.direct(sent), () => `${bot} could not be reached.`);
  }
  if (!sent.text.includes(mention)) {
    drivers.say(sent);
    return { ok: true };
  }
  const place = state.world.channel(channel);
  if (place !== undefined && !state.world.hasBot(place)) {
    drivers.say(sent);
    return { ok: false, error: `@${bot} is not in this channel, so it does not see the message.` };
  }
  return answerOf(await drivers.mention(sent), () => `@${bot} could not be reached.`);
}

/** Clicks or chooses something. */
export async function act(served: PageServed, request: PageActionRequest): Promise<PageAnswer> {
  const { value, selected_option, selected_options, values } = request;
  const chosen = Object.entries({ value, selected_option, selected_options }).filter(
    ([, given]) => given !== undefined,
  );
  const delivery = await served.drivers.action({
    ...me(served),
    place: placeOf(request),
    actionId: request.action_id,
    blockId: request.block_id,
    chosen: Object.fromEntries(chosen),
    ...(values === undefined ? {} : { values }),
  });
  return answerOf(delivery, () => "This app responded with an error. Try again, or contact the app's owner.");
}

function placeOf({ channel, message_ts: ts, view_id: viewId }: PageActionRequest): ActionPlace {
  if (viewId !== undefined) {
    return { viewId };
  }
  if (channel === undefined || ts === undefined) {
    throw new Error('an action needs channel and message_ts, or view_id');
  }
  return { channel, ts };
}

/** Submits a modal. */
export async function submitView(served: PageServed, request: PageSubmitRequest): Promise<PageAnswer> {
  const delivery = await served.drivers.submit({ ...me(served), viewId: request.view_id, values: request.values });
  const errors = isObject(delivery.json) ? delivery.json['errors'] : undefined;
  if (isObject(errors)) {
    const texts = Object.entries(errors).map(([id, text]) => [id, String(text)] as const);
    return { ok: false, error: 'The app does not accept what was entered.', errors: Object.fromEntries(texts) };
  }
  return answerOf(delivery, () => 'We had some trouble connecting. Try again?');
}

/** Closes a modal. */
export async function closeView(served: PageServed, { view_id: viewId }: PageCloseViewRequest): Promise<PageAnswer> {
  await served.drivers.closeView({ ...me(served), viewId });
  return { ok: true };
}

/** Chooses a message shortcut. */
export async function useShortcut(served: PageServed, request: PageShortcutRequest): Promise<PageAnswer> {
  const { channel, message_ts: ts, callback_id: callbackId } = request;
  const delivery = await served.drivers.shortcut({ ...me(served), channel, ts, callbackId });
  return answerOf(delivery, () => 'The shortcut failed. Try again.');
}

/** Opens the Home tab. */
export async function openHome(served: PageServed): Promise<PageAnswer> {
  return answerOf(await served.drivers.openHome(me(served)), () => 'The Home tab could not be loaded.');
}

function me({ state, viewer }: PageServed) {
  const transport = state.options.page?.transport;
  return { user: viewer.id, ...(transport === undefined ? {} : { transport }) };
}

function answerOf(delivery: Delivery, sentence: (failure: string) => string): PageAnswer {
  const failure = failureOf(delivery);
  return failure === undefined ? { ok: true } : { ok: false, error: sentence(failure) };
}

/** What Slack escapes in text that people type. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Begins something that the visitor chose. */
export async function play({ state }: PageServed, { offer }: PagePlayRequest): Promise<PageAnswer> {
  return state.options.page?.stage?.play(offer) ?? { ok: false, error: 'Nothing can be chosen here.' };
}
