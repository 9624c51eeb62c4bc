import type { SilenceEntry, SilenceReply } from '../../../ports/bot.ts';
import { textAt } from '../fields.ts';
import { SILENCE, silenceModal, silenceNote } from '../messages/silence-modal.ts';
import type { ListenerDeps } from './listener-deps.ts';
import { modalPlace, openModal, type Submission } from './modal.ts';
import type { Origin } from './origin.ts';
import { tellClickReply } from './tell.ts';
import { within } from './within.ts';

/** Slack gives three seconds from the click, and opening takes a part of them. */
const PREPARE_WITHIN_MS = 700;
/** The window waits for Alertmanager as long as the acknowledgement allows. */
const ACK_WITHIN_MS = 1500;
const PREPARING = 'One moment: the window is being prepared.';

type Prepared = Awaited<ReturnType<ListenerDeps['bot']['prepareSilence']>>;

/** Opens the window for a silence; one that takes long to prepare opens empty and is filled in. */
export async function openSilence(deps: ListenerDeps, origin: Origin, incident: string): Promise<void> {
  const place = modalPlace(origin, incident);
  const preparing = deps.bot.prepareSilence(origin.act, incident);
  const prepared = await within(preparing, PREPARE_WITHIN_MS);
  if (prepared?.kind === 'form') {
    await openModal(deps, origin, silenceModal(prepared.form, place));
  } else if (prepared === undefined) {
    await openEmpty(deps, origin, { place, preparing });
  } else {
    await tellClickReply(deps, origin, prepared);
  }
}

async function openEmpty(
  deps: ListenerDeps,
  origin: Origin,
  { place, preparing }: { readonly place: string; readonly preparing: Promise<Prepared> },
): Promise<void> {
  const opened = await openModal(deps, origin, silenceNote(PREPARING, place));
  const prepared = await preparing;
  if (opened === undefined || prepared.kind === 'duplicate') {
    return;
  }
  const view = prepared.kind === 'form' ? silenceModal(prepared.form, place) : silenceNote(prepared.reason, place);
  const updated = await deps.client.call('views.update', { view_id: opened.id, view });
  if (updated.kind === 'failed') {
    // Whoever closed it meanwhile wants nothing any more.
    deps.logger.warn('A modal could not be filled in', { code: updated.failure.code });
  }
}

/** The submitted modal: an error keeps it open, so that nothing typed is lost. */
export async function submitSilence(deps: ListenerDeps, { from, body, ack }: Submission): Promise<void> {
  const { origin, about, audible } = from;
  const given = deps.bot.silence(origin.act, about, entryOf(body));
  const reply = await within(given, ACK_WITHIN_MS);
  const problem = reply === undefined ? undefined : problemOf(reply);
  if (problem !== undefined) {
    await ack({ response_action: 'errors', errors: problem });
    return;
  }
  await ack();
  const settled = reply ?? (await given);
  if (audible) {
    await tellClickReply(
      deps,
      origin,
      settled.kind === 'invalid' ? { kind: 'refused', reason: settled.reason } : settled,
    );
  }
}

/** What is wrong, at the block where it can be corrected. */
function problemOf(reply: SilenceReply): Record<string, string> | undefined {
  switch (reply.kind) {
    case 'invalid':
      return { [SILENCE[reply.field].block]: reply.reason };
    case 'refused':
    case 'unavailable':
      return { [SILENCE.matchers.block]: reply.reason };
    case 'done':
    case 'duplicate':
      return undefined;
    default:
      return reply satisfies never;
  }
}

function entryOf(body: unknown): SilenceEntry {
  const at = (field: { readonly block: string; readonly action: string }, ...rest: readonly string[]): string =>
    textAt(body, 'view', 'state', 'values', field.block, field.action, ...rest) ?? '';
  return {
    alertmanager: at(SILENCE.alertmanager, 'selected_option', 'value'),
    matchers: at(SILENCE.matchers, 'value'),
    minutes: Number(at(SILENCE.duration, 'selected_option', 'value')),
    comment: at(SILENCE.comment, 'value'),
  };
}
