import type { App } from '@slack/bolt';
import type { ClickReply } from '../../../ports/bot.ts';
import { listAt, textAt } from '../fields.ts';
import { FEEDBACK, feedbackModal } from '../messages/feedback-modal.ts';
import type { ListenerDeps } from './listener-deps.ts';
import type { Origin } from './origin.ts';
import { tellClickReply, tellNotice } from './tell.ts';
import { within } from './within.ts';

/** Slack's names for a click that is too old to open a modal. */
const TRIGGER_GONE = [
  'exchanged_trigger_id',
  'expired_trigger_id',
  'invalid_arguments',
  'trigger_exchanged',
  'trigger_expired',
];
// A second in all, as for commands; the person sees a window that does not react.
const ACK_WITHIN_MS = 600;

/** Opens the modal that asks what was wrong. Slack gives three seconds from the click. */
export async function openFeedback(
  deps: ListenerDeps,
  origin: Origin,
  clicked: { readonly body: unknown; readonly questionId: string },
): Promise<void> {
  const { body, questionId } = clicked;
  const modal = feedbackModal(questionId, clickedTitle(body));
  const view = { ...modal, private_metadata: [questionId, ...placeWords(origin)].join(',') };
  const opened = await deps.client.call('views.open', { trigger_id: origin.act.delivery, view });
  if (opened.kind === 'failed') {
    const { code } = opened.failure;
    deps.logger.warn('A modal could not be opened', { code });
    const text = TRIGGER_GONE.includes(code)
      ? 'Slack allows three seconds to open a window, and they were over. Choose it again.'
      : 'Slack did not open the window. Choose it again in a minute.';
    await tellNotice(deps, origin, { text });
  }
}

/** The submitted modal: an error keeps it open, so that nothing typed is lost. */
export function listenToFeedback(app: App, deps: ListenerDeps): void {
  app.view(/./, async ({ body, ack }) => {
    const from = submittedFrom(body, deps.identity.team);
    if (textAt(body, 'view', 'callback_id') !== FEEDBACK.callback || from === undefined) {
      await ack();
      return;
    }
    const { origin, questionId, audible } = from;
    const typed = textAt(body, 'view', 'state', 'values', FEEDBACK.block, FEEDBACK.action, 'value') ?? '';
    const given = deps.bot.giveFeedback(origin.act, questionId, typed.slice(0, FEEDBACK.mostChars));
    const reply = await within(given, ACK_WITHIN_MS);
    if (reply !== undefined && isRefusal(reply)) {
      await ack({ response_action: 'errors', errors: { [FEEDBACK.block]: reply.reason } });
      return;
    }
    await ack();
    const settled = reply ?? (await given);
    if (audible) {
      await tellClickReply(deps, origin, settled);
    }
  });
}

function isRefusal(reply: ClickReply): reply is Extract<ClickReply, { readonly reason: string }> {
  return reply.kind === 'refused' || reply.kind === 'unavailable';
}

// Stands for the thread where nothing can be said to that person any more.
const SILENT = '-';

/** A submission says nothing about the message behind the modal, so the modal carries it, in at most 64 characters. */
function placeWords({ act, replyThread, byResponse }: Origin): readonly string[] {
  return [act.channel, byResponse ? SILENT : (replyThread ?? '')];
}

interface Submitted {
  readonly origin: Origin;
  readonly questionId: string;
  /** Whether a message for that person alone can be shown. */
  readonly audible: boolean;
}

function submittedFrom(body: unknown, team: string): Submitted | undefined {
  const [questionId, channel, thread] = (textAt(body, 'view', 'private_metadata') ?? '').split(',');
  const view = textAt(body, 'view', 'id');
  const user = textAt(body, 'user', 'id');
  if (view === undefined || user === undefined || questionId === undefined || channel === undefined) {
    return undefined;
  }
  const act = { delivery: `${view}-${textAt(body, 'view', 'hash')}`, team, user, channel };
  const place = isTimestamp(thread) ? { replyThread: thread } : {};
  return { origin: { act, byResponse: false, ...place }, questionId, audible: thread !== SILENT };
}

function isTimestamp(thread: string | undefined): thread is string {
  return thread !== undefined && /^\d+\.\d+$/.test(thread);
}

/** What was asked about, as the buttons of the clicked message say it to screen readers. */
function clickedTitle(body: unknown): string {
  const labels = listAt(body, 'message', 'blocks')
    .flatMap((block) => listAt(block, 'elements'))
    .map((element) => textAt(element, 'accessibility_label') ?? '');
  const spoken = labels.find((label) => label.startsWith(CHECK_AGAIN));
  return spoken?.slice(CHECK_AGAIN.length) ?? 'the object';
}

const CHECK_AGAIN = 'Check again: ';
