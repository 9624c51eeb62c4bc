/**
 * What the page and the stand-in say to each other, on the same loopback server as the Web API. Fields are named as
 * Slack names them, so a message can be handed to a Block Kit renderer as it is.
 *
 * | Request                                | Answer                                             |
 * | -------------------------------------- | -------------------------------------------------- |
 * | `GET /page-api/state`                  | {@link PageState}                                  |
 * | `GET /page-api/events`                 | Server-Sent Events: event name = {@link PageEvent}`.type`, data = the event as JSON |
 * | `GET /page-api/complete?text=…`        | {@link PageCompletions}                            |
 * | `GET /page-api/files/:id`              | the bytes of the file                              |
 * | `POST /page-api/command`               | {@link PageCommandRequest} → {@link PageAnswer}    |
 * | `POST /page-api/message`               | {@link PageMessageRequest} → {@link PageAnswer}    |
 * | `POST /page-api/action`                | {@link PageActionRequest} → {@link PageAnswer}     |
 * | `POST /page-api/submit`                | {@link PageSubmitRequest} → {@link PageAnswer}     |
 * | `POST /page-api/close-view`            | {@link PageCloseViewRequest} → {@link PageAnswer}  |
 * | `POST /page-api/shortcut`              | {@link PageShortcutRequest} → {@link PageAnswer}   |
 * | `POST /page-api/home`                  | `{}` → {@link PageAnswer}                          |
 * | `POST /page-api/play`                  | {@link PagePlayRequest} → {@link PageAnswer}       |
 *
 * `?as=NAME` says who sits at the window; without it the first member. POST bodies are `application/json`. A POST whose `Host` or `Origin` is not loopback is refused with 403.
 */

/** A block, element or composition object as the bot sent it; the stand-in has validated it and given it a `block_id`. */
export interface PageBlock {
  readonly type: string;
  readonly block_id?: string;
  readonly [field: string]: unknown;
}

/** A person, or the bot itself. */
export interface PageUser {
  readonly id: string;
  /** The handle, without `@`. */
  readonly name: string;
  readonly real_name: string;
  readonly is_bot: boolean;
  readonly is_guest: boolean;
  /** From another workspace, through Slack Connect. */
  readonly is_foreign: boolean;
  readonly deleted: boolean;
}

/** A group of users that `<!subteam^ID>` mentions. */
export interface PageUserGroup {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
}

/** A channel, or the direct conversation with the bot. */
export interface PageChannel {
  readonly id: string;
  /** Without `#`; for a direct conversation the name of the other side. */
  readonly name: string;
  readonly is_im: boolean;
  readonly is_archived: boolean;
  readonly is_ext_shared: boolean;
  /** Whether the bot is a member. */
  readonly is_member: boolean;
}

/** A file below a message. Its bytes are at `url`, which is relative to the server. */
export interface PageFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly mimetype: string;
  /** Bytes. */
  readonly size: number;
  readonly url: string;
}

/** One emoji with the users who reacted with it. */
export interface PageReaction {
  readonly name: string;
  readonly users: readonly string[];
}

/** A message as it stands now. `ts` is unique within its channel only. */
export interface PageMessage {
  readonly channel: string;
  readonly ts: string;
  /** Of the parent; equal to `ts` on a parent that has replies. */
  readonly thread_ts?: string;
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly PageBlock[];
  /** Legacy attachments, rarely used. */
  readonly attachments: readonly PageBlock[];
  /** Slack shows "(edited)". */
  readonly edited: boolean;
  /** Shown to one user only; it vanishes on reload in Slack, here it stays until the stand-in ends. */
  readonly ephemeral: boolean;
  /** A reply that is also shown in the channel. */
  readonly broadcast: boolean;
  readonly files: readonly PageFile[];
  readonly reactions: readonly PageReaction[];
  /** Oldest first; empty on replies. */
  readonly replies: readonly PageMessage[];
}

/** An open modal or the Home tab. */
export interface PageView {
  readonly id: string;
  readonly type: 'modal' | 'home';
  readonly callback_id: string;
  readonly hash: string;
  readonly title?: PageBlock;
  readonly submit?: PageBlock;
  readonly close?: PageBlock;
  readonly blocks: readonly PageBlock[];
  /** How many modals lie below this one. */
  readonly depth: number;
}

/** A slash command that the app registered. */
export interface PageCommand {
  /** With the slash. */
  readonly command: string;
  readonly usage_hint: string;
  readonly description: string;
}

/** A message shortcut, shown in the menu of every message. */
export interface PageShortcut {
  readonly callback_id: string;
  readonly name: string;
}

/** Something that happens to the workspace when the visitor wants it, such as alerts that arrive. */
export interface PageOffer {
  readonly id: string;
  readonly label: string;
  /** It can be chosen now. */
  readonly enabled: boolean;
}

/** How far the last chosen offer is. */
export interface PageProgress {
  readonly text: string;
  readonly done: number;
  readonly total: number;
  readonly failed: boolean;
}

/** What the visitor can make happen besides typing. */
export interface PageStage {
  readonly title: string;
  /** Stands beside the offers and before the name of the channel. */
  readonly hint: string;
  /** What to type in a terminal, if that is the way. */
  readonly command?: string;
  /** The id of the channel where it shows. */
  readonly channel: string;
  readonly offers: readonly PageOffer[];
  readonly progress?: PageProgress;
}

/** Everything the page shows when it starts; afterwards events keep it up to date. */
export interface PageState {
  readonly team: { readonly id: string; readonly name: string };
  /** The user who sits at the page. */
  readonly me: PageUser;
  /** The bot user. */
  readonly bot: PageUser;
  readonly users: readonly PageUser[];
  readonly usergroups: readonly PageUserGroup[];
  readonly channels: readonly PageChannel[];
  /** By channel id; parents oldest first, each with its replies; ephemeral messages only those for `me`. */
  readonly messages: Readonly<Record<string, readonly PageMessage[]>>;
  /** The top modal of `me`. */
  readonly view?: PageView;
  /** The Home tab of `me`, once it was published. */
  readonly home?: PageView;
  readonly commands: readonly PageCommand[];
  readonly shortcuts: readonly PageShortcut[];
  /** Whole commands for a first-time visitor, with the slash. */
  readonly suggestions: readonly string[];
  /** A sentence for the top of the page, such as which cluster is asked. */
  readonly banner?: string;
  readonly stage?: PageStage;
}

/** One change. The bot's message is sent whole each time, so a page that missed events may reload the state instead. */
export type PageEvent =
  /** A new message. A reply's parent is sent as `message_changed` right after. */
  | { readonly type: 'message'; readonly message: PageMessage }
  | { readonly type: 'message_changed'; readonly message: PageMessage }
  | { readonly type: 'message_deleted'; readonly channel: string; readonly ts: string }
  | { readonly type: 'ephemeral'; readonly message: PageMessage }
  | { readonly type: 'view_opened'; readonly view: PageView }
  | { readonly type: 'view_updated'; readonly view: PageView }
  /** `view` is the modal below that shows again, if any. */
  | { readonly type: 'view_closed'; readonly view_id: string; readonly view?: PageView }
  | { readonly type: 'home'; readonly view: PageView }
  /** The message that carries the file follows as `message`. */
  | { readonly type: 'file'; readonly file: PageFile }
  /** Something Slack would show near the composer, such as a failed command. */
  | { readonly type: 'notice'; readonly channel?: string; readonly text: string }
  | { readonly type: 'stage'; readonly stage: PageStage };

/** `/k8s why web-0`, typed in a channel. */
export interface PageCommandRequest {
  readonly channel: string;
  /** The whole line with the slash. */
  readonly text: string;
}

/** A message of the user; one that mentions the bot (`<@BOT>` or `@name`) reaches it as `app_mention`. */
export interface PageMessageRequest {
  readonly channel: string;
  readonly text: string;
  readonly thread_ts?: string;
}

/** A chosen option, as Slack's option object. */
export interface PageOption {
  readonly text: PageBlock;
  readonly value?: string;
}

/** A click or choice on an element of a message (`channel` and `message_ts`) or of a view (`view_id`). */
export interface PageActionRequest {
  readonly channel?: string;
  readonly message_ts?: string;
  readonly view_id?: string;
  readonly block_id: string;
  readonly action_id: string;
  /** What was typed, for inputs that dispatch; a button's own value is taken from the stored message. */
  readonly value?: string;
  readonly selected_option?: PageOption;
  readonly selected_options?: readonly PageOption[];
  /** The inputs of the view or message so far, as {@link PageSubmitRequest}.values. */
  readonly values?: PageViewValues;
}

/** One input's state, as Slack's `view.state.values[block_id][action_id]`. */
export interface PageInputValue {
  readonly type: string;
  readonly value?: string | null;
  readonly selected_option?: PageOption | null;
  readonly selected_options?: readonly PageOption[];
  readonly [field: string]: unknown;
}

/** By block id, then by action id. */
export type PageViewValues = Readonly<Record<string, Readonly<Record<string, PageInputValue>>>>;

/** The submit button of a modal. */
export interface PageSubmitRequest {
  readonly view_id: string;
  readonly values: PageViewValues;
}

/** The close button of a modal. */
export interface PageCloseViewRequest {
  readonly view_id: string;
}

/** A message shortcut, chosen in the menu of a message. */
export interface PageShortcutRequest {
  readonly channel: string;
  readonly message_ts: string;
  readonly callback_id: string;
}

/** A click on one of the offers. */
export interface PagePlayRequest {
  /** The id of the offer. */
  readonly offer: string;
}

/** `error` is a sentence as Slack shows it; `errors` belongs to the inputs of a refused submission, by block id. */
export type PageAnswer =
  | { readonly ok: true }
  | { readonly ok: false; readonly error: string; readonly errors?: Readonly<Record<string, string>> };

/** Whole lines that may replace what was typed, best first. */
export interface PageCompletions {
  readonly completions: readonly string[];
}
