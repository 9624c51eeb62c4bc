import type { Bot } from '../../../ports/bot.ts';
import type { Chat } from '../../../ports/chat.ts';
import type { Logger } from '../../../ports/logger.ts';
import type { Metrics } from '../../../ports/metrics.ts';
import type { Outbox } from '../../../ports/outbox.ts';
import type { LayoutMemory } from '../layout-memory.ts';
import type { PostResponse } from '../response-url.ts';
import type { SlackClient } from '../slack-client.ts';
import type { SlackIdentity } from '../slack-identity.ts';

/** What the listeners need. */
export interface ListenerDeps {
  readonly bot: Bot;
  readonly outbox: Outbox;
  /** For what cannot wait in the outbox because the store does not answer. */
  readonly chat: Chat;
  /** With a short time-out, such as 2 seconds: it opens modals, and a person waits. */
  readonly client: SlackClient;
  readonly postResponse: PostResponse;
  readonly identity: SlackIdentity;
  /** Which layout the workspace takes; without it the richest is tried every time. */
  readonly layouts?: LayoutMemory;
  /** The slash command with its slash. */
  readonly command: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
}
