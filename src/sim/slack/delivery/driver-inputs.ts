import type { DeliveryOptions } from './delivery-types.ts';

/** Who does it and where; alice in #ops when left out. */
export interface Actor extends DeliveryOptions {
  /** User id. */
  readonly user?: string;
  /** Channel id. */
  readonly channel?: string;
}

/** A slash command. */
export interface CommandInput extends Actor {
  /** With the slash; `/k8s` when left out. */
  readonly command?: string;
  readonly text?: string;
}

/** Where something is clicked: in a message, ephemeral ones included, or in a view. */
export type ActionPlace =
  | { readonly channel: string; readonly ts: string; readonly viewId?: undefined }
  | { readonly viewId: string };

/** A click or choice. */
export interface ActionInput extends DeliveryOptions {
  readonly user?: string;
  readonly place: ActionPlace;
  readonly actionId: string;
  /** Needed only when two blocks hold the same `action_id`. */
  readonly blockId?: string;
  /** What the user chose, such as `{selected_option: …}` or `{value: …}`; a button's value comes from the message. */
  readonly chosen?: Readonly<Record<string, unknown>>;
  /** State of the other inputs, by block id and action id. */
  readonly values?: ViewValues;
  /** Delivers an action that the message does not hold, as after an upgrade of the app: the whole action object. */
  readonly unlisted?: Readonly<Record<string, unknown>>;
}

/** What the inputs of a view hold, by block id and action id. */
export type ViewValues = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The submit button of a modal. */
export interface SubmitInput extends DeliveryOptions {
  readonly viewId: string;
  /** As Slack's `view.state.values`. */
  readonly values?: ViewValues;
  /** The hash that is sent, when it is not the current one. */
  readonly hash?: string;
  /** The submitting user, when it is not the one who opened the modal. */
  readonly user?: string;
}

/** The close button of a modal. */
export interface CloseInput extends DeliveryOptions {
  readonly viewId: string;
}

/** A message shortcut. */
export interface ShortcutInput extends DeliveryOptions {
  readonly user?: string;
  readonly callbackId: string;
  readonly channel: string;
  readonly ts: string;
}

/** A message that mentions the bot. */
export interface MentionInput extends Actor {
  /** As Slack sends it; `<@BOT> ` is put in front when it does not mention the bot. */
  readonly text: string;
  readonly threadTs?: string;
}
