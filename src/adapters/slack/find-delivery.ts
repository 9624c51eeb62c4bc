import type { CardDelivery, Delivery, FileDelivery } from '../../core/chat/delivery.ts';
import { placeOf } from '../../core/chat/detour.ts';
import { isEvidenceFile } from '../../core/chat/evidence-size.ts';
import type { FindResult } from '../../ports/chat.ts';
import { listAt, textAt, trueAt } from './fields.ts';
import { carriesKey } from './message-metadata.ts';
import { carriesFile, uniqueFile } from './send-file.ts';
import type { CallResult, SlackClient } from './slack-client.ts';
import type { SlackFailure } from './slack-failure.ts';

/** What looking needs. */
export interface FindDeps {
  readonly client: SlackClient;
  /** The bot's own user id; what others posted is not taken for ours, whatever it carries. */
  readonly botUser: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const PAGE = 100;
const MOST_PAGES = 5;
// A question is answered within minutes; an edited card keeps its first time.
const LOOK_BACK_MS = 60 * 60 * 1000;
// Slack's clock and ours may differ; too little would miss the message, too much reads a page more.
const CLOCK_SKEW_MS = 5 * 60 * 1000;

/** Looks for a delivery in its conversation, by the key or the file that it carries. */
export function findDelivery(deps: FindDeps, delivery: Delivery): Promise<FindResult> {
  switch (delivery.kind) {
    case 'card':
      return findMessage(deps, delivery, (message) => carriesKey(message, delivery.key));
    case 'file':
      return findMessage(deps, delivery, fileTest(delivery));
    case 'home':
      // Publishing again changes nothing.
      return Promise.resolve({ kind: 'absent' });
    case 'ephemeral':
    case 'response':
      return Promise.resolve({ kind: 'unknown', reason: 'Slack keeps no record of messages for one person.' });
    default:
      return delivery satisfies never;
  }
}

function fileTest(delivery: FileDelivery): (message: unknown) => boolean {
  const { content } = delivery;
  if (content.kind !== 'evidence' || !isEvidenceFile(content)) {
    return (message) => carriesKey(message, delivery.key);
  }
  const { filename } = uniqueFile(delivery, content);
  return (message) => carriesFile(message, filename);
}

async function findMessage(
  deps: FindDeps,
  delivery: CardDelivery | FileDelivery,
  fits: (message: unknown) => boolean,
): Promise<FindResult> {
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await readPage(deps, delivery, cursor);
    if (answer.kind === 'failed') {
      return notFoundOut(answer.failure);
    }
    const message = listAt(answer.body, 'messages').find((each) => textAt(each, 'user') === deps.botUser && fits(each));
    const ts = textAt(message, 'ts');
    if (ts !== undefined) {
      return { kind: 'found', posted: { channel: placeOf(delivery).channel, ts } };
    }
    cursor = textAt(answer.body, 'response_metadata', 'next_cursor');
    if (cursor === undefined) {
      return trueAt(answer.body, 'has_more') ? tooMany() : { kind: 'absent' };
    }
  }
  return tooMany();
}

/** A missing scope or a channel that is gone stays so; everything else may be asked again. */
function notFoundOut({ class: kind, code, retryAfterMs }: SlackFailure): FindResult {
  if (kind === 'rate-limited') {
    return { kind: 'rate-limited', retryAfterMs: retryAfterMs ?? 0 };
  }
  return kind === 'config' || kind === 'channel' || kind === 'payload'
    ? { kind: 'unknown', reason: `Slack answered ${code}.` }
    : { kind: 'unavailable', code };
}

function tooMany(): FindResult {
  return { kind: 'unknown', reason: 'Too many messages came since.' };
}

function readPage(deps: FindDeps, delivery: CardDelivery | FileDelivery, cursor?: string): Promise<CallResult> {
  const { channel, thread } = placeOf(delivery);
  const common = {
    channel,
    oldest: oldestTime(deps, delivery),
    include_all_metadata: true,
    limit: PAGE,
    ...(cursor === undefined ? {} : { cursor }),
  };
  return thread === undefined
    ? deps.client.call('conversations.history', common)
    : deps.client.call('conversations.replies', { ...common, ts: thread });
}

/** Slack's time before which it cannot have been posted: when it was asked, else an hour ago. */
function oldestTime(deps: FindDeps, { content }: Delivery): string {
  const asked = 'question' in content ? Date.parse(content.question.askedAt) : Number.NaN;
  const from = Number.isNaN(asked) ? deps.now() - LOOK_BACK_MS : asked - CLOCK_SKEW_MS;
  return (from / 1000).toFixed(6);
}
