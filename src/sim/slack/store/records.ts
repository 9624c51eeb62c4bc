/** A block, element or other object as the bot sent it, with generated ids filled in. */
export interface SlackObject {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Hidden data of a message; Slack hands it back in `conversations.history` and `.replies`. */
export interface MessageMetadata {
  readonly event_type: string;
  readonly event_payload: Readonly<Record<string, unknown>>;
}

/** What a message says. */
export interface MessageContent {
  readonly text: string;
  readonly blocks: readonly SlackObject[];
  readonly attachments: readonly SlackObject[];
  readonly metadata?: MessageMetadata;
}

/** One state of a message: what was sent, when, and by which Web API method (or `user`, `ack`, `response_url`). */
export interface MessageVersion extends MessageContent {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly via: string;
}

/** One emoji with the users who reacted with it. */
export interface Reaction {
  readonly name: string;
  readonly users: readonly string[];
}

/** A message as it stands, with every state it ever had. Records are never changed, only replaced. */
export interface MessageRecord extends MessageContent {
  readonly channel: string;
  readonly ts: string;
  /** The parent's `ts` on a reply. */
  readonly threadTs?: string;
  readonly user: string;
  /** Slack shows "(edited)". */
  readonly edited: boolean;
  readonly broadcast: boolean;
  readonly deleted: boolean;
  /** File ids. */
  readonly files: readonly string[];
  readonly reactions: readonly Reaction[];
  /** Oldest first. */
  readonly versions: readonly MessageVersion[];
}

/** A message that only one user sees. */
export interface EphemeralRecord extends MessageContent {
  readonly channel: string;
  readonly user: string;
  readonly ts: string;
  readonly threadTs?: string;
  readonly via: 'ack' | 'response_url' | 'chat.postEphemeral';
  readonly deleted: boolean;
  readonly versions: readonly MessageVersion[];
}

/** An uploaded file; `channel` and `messageTs` are set once it was shared. */
export interface FileRecord {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly mimetype: string;
  readonly content: Buffer;
  readonly channel?: string;
  readonly messageTs?: string;
}

/** A modal or Home tab with every state it ever had. */
export interface ViewRecord {
  readonly id: string;
  readonly type: 'modal' | 'home';
  readonly user: string;
  /** As the app sent it, with generated ids filled in. */
  readonly view: SlackObject;
  readonly blocks: readonly SlackObject[];
  readonly callbackId: string;
  readonly externalId: string;
  readonly privateMetadata: string;
  readonly hash: string;
  readonly rootId: string;
  readonly previousId?: string;
  readonly open: boolean;
  readonly versions: readonly SlackObject[];
}

/** One request that the app made: a Web API method, or `response_url` or `upload`. */
export interface CallRecord {
  /** Counts from 1. */
  readonly number: number;
  readonly method: string;
  /** Fields that hold JSON are decoded. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Epoch milliseconds. */
  readonly at: number;
  /** The HTTP status that was answered; 0 when the connection was cut or left hanging. */
  readonly status: number;
  /** Whether the call was carried out; with a fault it may be true although no answer was given. */
  readonly ok: boolean;
  readonly error?: string;
  /** The fault that was played. */
  readonly fault?: string;
}
