import { listAt, textAt } from '../fields.ts';
import { DENIAL, denialModal } from '../messages/denial-modal.ts';
import { DENY_SPOKEN } from '../messages/remediation-actions.ts';
import type { ListenerDeps } from './listener-deps.ts';
import { modalPlace, openModal, type Submission } from './modal.ts';
import type { Origin } from './origin.ts';
import { tellClickReply } from './tell.ts';
import { within } from './within.ts';

const ACK_WITHIN_MS = 1500;
const REMEDIATION_ID = /^m-[a-z0-9]{16}$/;

/** Opens the window that asks why a change is denied. Slack gives three seconds from the click. */
export async function openDenial(
  deps: ListenerDeps,
  origin: Origin,
  clicked: { readonly body: unknown; readonly remediation: string },
): Promise<void> {
  const { body, remediation } = clicked;
  await openModal(deps, origin, denialModal(clickedTitle(body), modalPlace(origin, remediation)));
}

/** The submitted window: it stays open when nobody could take the denial; a refusal is told to that person alone. */
export async function submitDenial(deps: ListenerDeps, { from, body, ack }: Submission): Promise<void> {
  const { origin, about, audible } = from;
  if (!REMEDIATION_ID.test(about)) {
    await ack();
    return;
  }
  const typed = textAt(body, 'view', 'state', 'values', DENIAL.block, DENIAL.action, 'value') ?? '';
  const given = deps.bot.deny(origin.act, about, typed.slice(0, DENIAL.mostChars));
  const reply = await within(given, ACK_WITHIN_MS);
  if (reply?.kind === 'unavailable') {
    await ack({ response_action: 'errors', errors: { [DENIAL.block]: reply.reason } });
    return;
  }
  await ack();
  if (audible) {
    await tellClickReply(deps, origin, reply ?? (await given));
  }
}

/** What would be done, as the button of the clicked message says it to screen readers. */
function clickedTitle(body: unknown): string {
  const labels = listAt(body, 'message', 'blocks')
    .flatMap((block) => listAt(block, 'elements'))
    .map((element) => textAt(element, 'accessibility_label') ?? '');
  const spoken = labels.find((label) => label.startsWith(DENY_SPOKEN));
  return spoken?.slice(DENY_SPOKEN.length) ?? 'the change';
}
