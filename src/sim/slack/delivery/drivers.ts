import type { SimState } from '../state.ts';
import { messageJson } from '../web-api/message-json.ts';
import { viewJson } from '../web-api/view-json.ts';
import { USERS } from '../world/default-world.ts';
import { applyCommandAnswer, applySubmitAnswer } from './apply-answer.ts';
import type { Courier } from './courier.ts';
import type { Delivery, DeliveryOptions } from './delivery-types.ts';
import type {
  ActionInput,
  Actor,
  CloseInput,
  CommandInput,
  MentionInput,
  ShortcutInput,
  SubmitInput,
} from './driver-inputs.ts';
import { findElement } from './find-element.ts';
import { findPlace, nameInPayload, responseUrl } from './message-place.ts';
import { channelOf, eventPayload, interactionBase, userOf, userTeam, VERIFICATION_TOKEN } from './payload-parts.ts';

const DEFAULT_CHANNEL = 'C0OPS0001';

/** Does what users do, and returns what the app answered. What the answer brings about is shown, as in Slack. */
export class Drivers {
  private readonly state: SimState;
  private readonly courier: Courier;

  constructor(state: SimState, courier: Courier) {
    this.state = state;
    this.courier = courier;
  }

  /** Types a slash command. The answer's body becomes a message. */
  async command(input: CommandInput = {}): Promise<Delivery> {
    const { state } = this;
    const user = userOf(state, input.user ?? USERS.alice.id);
    const channel = channelOf(state, input.channel ?? DEFAULT_CHANNEL);
    const command = input.command ?? '/k8s';
    const { team, app } = state.world;
    const payload = {
      token: VERIFICATION_TOKEN,
      team_id: userTeam(state, user, input),
      team_domain: input.team === undefined ? team.domain : 'other',
      channel_id: channel.id,
      channel_name: nameInPayload(state, channel.id),
      user_id: user.id,
      user_name: user.name,
      command,
      text: input.text ?? '',
      api_app_id: app.id,
      is_enterprise_install: 'false',
      response_url: responseUrl(state, { kind: 'command', channel: channel.id, user: user.id }),
      trigger_id: state.triggers.issue({ user: user.id }, app.id, state.clock()),
    };
    const delivery = await this.courier.deliver({ type: 'slash_commands', payload }, input);
    applyCommandAnswer(state, { command, channel: channel.id, user: user.id }, delivery);
    return delivery;
  }

  /** Clicks a button or chooses something. Throws when there is no such element. */
  action(input: ActionInput): Promise<Delivery> {
    const { state } = this;
    const user = userOf(state, input.user ?? USERS.alice.id);
    const place = findPlace(state, input.place, user.id, input.values ?? {});
    const { viewId } = place;
    const payload = {
      type: 'block_actions',
      ...interactionBase(state, user, input, { user: user.id, ...(viewId === undefined ? {} : { viewId }) }),
      ...place.fields,
      actions: [this.actionObject(input, findElement(place.blocks, input.actionId, input.blockId))],
    };
    return this.courier.deliver({ type: 'interactive', payload }, input);
  }

  /** Submits a modal. The modal then closes, shows errors, changes or stays, as the answer says. */
  async submit(input: SubmitInput): Promise<Delivery> {
    const { state } = this;
    const view = openView(state, input.viewId);
    const user = userOf(state, input.user ?? view.user);
    const hash = input.hash === undefined ? {} : { hash: input.hash };
    const payload = {
      type: 'view_submission',
      ...interactionBase(state, user, input, { user: user.id, viewId: view.id }),
      view: { ...viewJson(state, view, input.values ?? {}), ...hash },
      response_urls: [],
    };
    const delivery = await this.courier.deliver({ type: 'interactive', payload }, input);
    applySubmitAnswer(state, view, delivery);
    return delivery;
  }

  /** Closes a modal; the app hears of it only when it asked for that with `notify_on_close`. */
  closeView(input: CloseInput): Promise<Delivery | undefined> {
    const { state } = this;
    const view = openView(state, input.viewId);
    state.views.close(view);
    if (view.view['notify_on_close'] !== true) {
      return Promise.resolve(undefined);
    }
    const { trigger_id: _none, ...base } = interactionBase(state, userOf(state, view.user), input, view);
    const payload = { type: 'view_closed', ...base, view: viewJson(state, view), is_cleared: false };
    return this.courier.deliver({ type: 'interactive', payload }, input);
  }

  /** Chooses a message shortcut in the menu of a message. */
  shortcut(input: ShortcutInput): Promise<Delivery> {
    const { state } = this;
    const user = userOf(state, input.user ?? USERS.alice.id);
    const { channel, ts } = input;
    const message = state.messages.find(channel, ts);
    if (message === undefined) {
      throw new Error(`slack-sim: there is no message ${ts} in ${channel}`);
    }
    const payload = {
      type: 'message_action',
      ...interactionBase(state, user, input, { user: user.id }),
      callback_id: input.callbackId,
      action_ts: state.ids.timestamp(state.clock()),
      channel: { id: channel, name: nameInPayload(state, channel) },
      message_ts: ts,
      message: messageJson(state, message),
      response_url: responseUrl(state, { kind: 'message', channel, user: user.id, ts }),
    };
    return this.courier.deliver({ type: 'interactive', payload }, input);
  }

  /** Posts a message of a user, without telling the app. Returns its `ts`. */
  say(input: Actor & { readonly text: string; readonly threadTs?: string }): string {
    const { state } = this;
    const now = state.clock();
    const { threadTs, text } = input;
    const message = state.messages.add(
      {
        channel: channelOf(state, input.channel ?? DEFAULT_CHANNEL).id,
        ts: state.ids.timestamp(now),
        ...(threadTs === undefined ? {} : { threadTs }),
        user: userOf(state, input.user ?? USERS.alice.id).id,
        content: { text, blocks: [], attachments: [] },
        via: 'user',
      },
      now,
    );
    return message.ts;
  }

  /** Posts a message that mentions the bot. Throws where the bot is not a member: Slack does not tell it then. */
  mention(input: MentionInput): Promise<Delivery> {
    const { state } = this;
    const { app } = state.world;
    const user = userOf(state, input.user ?? USERS.alice.id);
    const channel = channelOf(state, input.channel ?? DEFAULT_CHANNEL);
    if (!state.world.hasBot(channel)) {
      throw new Error(`slack-sim: the bot is not in #${channel.name}, so Slack sends no app_mention`);
    }
    const text = input.text.includes(`<@${app.botUserId}>`) ? input.text : `<@${app.botUserId}> ${input.text}`;
    const ts = this.say({ ...input, text });
    const event = {
      type: 'app_mention',
      user: user.id,
      text,
      ts,
      team: userTeam(state, user, input),
      channel: channel.id,
      event_ts: ts,
      ...(input.threadTs === undefined ? {} : { thread_ts: input.threadTs }),
    };
    return this.event(event, { ...input, channel: channel.id });
  }

  /** Writes to the bot in the direct message with it. */
  direct(input: Omit<MentionInput, 'channel'>): Promise<Delivery> {
    const { state } = this;
    const user = userOf(state, input.user ?? USERS.alice.id);
    const channel = state.world.directChannel(user.id);
    const ts = this.say({ ...input, channel: channel.id });
    const event = {
      type: 'message',
      channel_type: 'im',
      user: user.id,
      text: input.text,
      ts,
      team: userTeam(state, user, input),
      channel: channel.id,
      event_ts: ts,
      ...(input.threadTs === undefined ? {} : { thread_ts: input.threadTs }),
    };
    return this.event(event, { ...input, channel: channel.id });
  }

  /** Opens the app's Home tab. */
  openHome(input: Actor = {}): Promise<Delivery> {
    const { state } = this;
    const user = userOf(state, input.user ?? USERS.alice.id);
    const view = state.views.home(user.id);
    const event = {
      type: 'app_home_opened',
      user: user.id,
      channel: state.world.directChannel(user.id).id,
      tab: 'home',
      event_ts: state.ids.timestamp(state.clock()),
      ...(view === undefined ? {} : { view: viewJson(state, view) }),
    };
    return this.event(event, input);
  }

  /** Removes the app from the workspace: its tokens stop working and it is told. */
  uninstall(options: DeliveryOptions = {}): Promise<Delivery> {
    this.state.tokens.refusal = 'account_inactive';
    return this.event({ type: 'app_uninstalled' }, options);
  }

  /** Revokes the app's tokens and tells it. */
  revokeTokens(options: DeliveryOptions = {}): Promise<Delivery> {
    this.state.tokens.refusal = 'token_revoked';
    return this.event({ type: 'tokens_revoked', tokens: { bot: [this.state.world.app.botUserId] } }, options);
  }

  /** Delivers any event, wrapped as the Events API does. */
  event(event: Readonly<Record<string, unknown>>, options: Actor = {}): Promise<Delivery> {
    const channel = this.state.world.channel(options.channel ?? '');
    const payload = eventPayload(this.state, event, options, channel);
    return this.courier.deliver({ type: 'events_api', payload }, options);
  }

  private actionObject(input: ActionInput, found: ReturnType<typeof findElement>): Readonly<Record<string, unknown>> {
    const action_ts = this.state.ids.timestamp(this.state.clock());
    if (input.unlisted !== undefined) {
      return { action_id: input.actionId, block_id: input.blockId ?? 'gone', action_ts, ...input.unlisted };
    }
    if (found === undefined) {
      throw new Error(`slack-sim: there is no element ${input.actionId} there`);
    }
    const { element, blockId } = found;
    const kept = element.type === 'button' ? { text: element['text'], value: element['value'] } : {};
    return { action_id: input.actionId, block_id: blockId, type: element.type, ...kept, ...input.chosen, action_ts };
  }
}

function openView(state: SimState, id: string) {
  const view = state.views.find(id);
  if (view === undefined || !view.open) {
    throw new Error(`slack-sim: there is no open view ${id}`);
  }
  return view;
}
