import type { ClickReply } from '../../../ports/bot.ts';
import { listAt, textAt } from '../fields.ts';
import { FEEDBACK, feedbackModal } from '../messages/feedback-modal.ts';
import type { ListenerDeps } from './listener-deps.ts';
import { modalPlace, openModal, type Submission } from './modal.ts';
import type { Origin } from './origin.ts';
import { tellClickReply } from './tell.ts';
import { within } from './within.ts';

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
  await openModal(deps, origin, { ...modal, private_metadata: modalPlace(origin, questionId) });
}

/** The submitted modal: an error keeps it open, so that nothing typed is lost. */
export async function submitFeedback(deps: ListenerDeps, { from, body, ack }: Submission): Promise<void> {
  const { origin, about, audible } = from;
  const typed = textAt(body, 'view', 'state', 'values', FEEDBACK.block, FEEDBACK.action, 'value') ?? '';
  const given = deps.bot.giveFeedback(origin.act, about, typed.slice(0, FEEDBACK.mostChars));
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
}

function isRefusal(reply: ClickReply): reply is Extract<ClickReply, { readonly reason: string }> {
  return reply.kind === 'refused' || reply.kind === 'unavailable';
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
