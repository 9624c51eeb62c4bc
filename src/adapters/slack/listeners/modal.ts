import type { ModalView } from '@slack/types';
import { textAt } from '../fields.ts';
import type { ListenerDeps } from './listener-deps.ts';
import type { Origin } from './origin.ts';
import { tellNotice } from './tell.ts';

/** A modal that somebody has sent. */
export interface Submission {
  readonly from: Submitted;
  readonly body: unknown;
  /** Closes it, or says which blocks hold something wrong. */
  readonly ack: (response?: ModalErrors) => Promise<void>;
}

/** What is wrong, by block; keeps the modal open. */
export interface ModalErrors {
  readonly response_action: 'errors';
  readonly errors: Record<string, string>;
}

/** Slack's names for a click that is too old to open a modal. */
const TRIGGER_GONE = [
  'exchanged_trigger_id',
  'expired_trigger_id',
  'invalid_arguments',
  'trigger_exchanged',
  'trigger_expired',
];

/** A modal that is shown. */
export interface OpenedModal {
  readonly id: string;
  /** Of what it shows, so that nothing newer is overwritten; empty when Slack did not say it. */
  readonly hash: string;
}

/** Opens a modal within the three seconds that Slack gives from the click; undefined once the person was told that it cannot. */
export async function openModal(deps: ListenerDeps, origin: Origin, view: ModalView): Promise<OpenedModal | undefined> {
  const opened = await deps.client.call('views.open', { trigger_id: origin.act.delivery, view });
  if (opened.kind === 'ok') {
    return { id: textAt(opened.body, 'view', 'id') ?? '', hash: textAt(opened.body, 'view', 'hash') ?? '' };
  }
  const { code } = opened.failure;
  deps.logger.warn('A modal could not be opened', { code });
  const text = TRIGGER_GONE.includes(code)
    ? 'Slack allows three seconds to open a window, and they were over. Choose it again.'
    : 'Slack did not open the window. Choose it again in a minute.';
  await tellNotice(deps, origin, { text });
  return undefined;
}

// Stands for the thread where nothing can be said to that person any more.
const SILENT = '-';
// Stands for the thread where that person is told directly.
const DIRECTLY = '@';

/** A submission says nothing about the message behind the modal, so the modal carries it, in at most 128 characters. */
export function modalPlace({ act, replyThread, byResponse, directly }: Origin, about: string): string {
  const there = directly === true ? DIRECTLY : (replyThread ?? '');
  return [about, act.channel, byResponse ? SILENT : there].join(',');
}

/** Where a modal was sent from, and what it is about. */
export interface Submitted {
  readonly origin: Origin;
  /** An id, as the modal carried it. */
  readonly about: string;
  /** Whether a message for that person alone can be shown. */
  readonly audible: boolean;
}

/** Reads what `modalPlace` wrote; undefined when it lacks something that Slack always sends. */
export function submittedFrom(body: unknown, team: string): Submitted | undefined {
  const [about, channel, thread] = (textAt(body, 'view', 'private_metadata') ?? '').split(',');
  const view = textAt(body, 'view', 'id');
  const user = textAt(body, 'user', 'id');
  if (view === undefined || user === undefined || about === undefined || channel === undefined) {
    return undefined;
  }
  const act = { delivery: `${view}-${textAt(body, 'view', 'hash')}`, team, user, channel };
  const place = isTimestamp(thread) ? { replyThread: thread } : {};
  const direct = thread === DIRECTLY ? ({ directly: true } as const) : {};
  return { origin: { act, byResponse: false, ...place, ...direct }, about, audible: thread !== SILENT };
}

function isTimestamp(thread: string | undefined): thread is string {
  return thread !== undefined && /^\d+\.\d+$/.test(thread);
}
