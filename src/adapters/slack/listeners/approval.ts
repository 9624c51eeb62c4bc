import type { ModalView } from '@slack/types';
import type { ApprovalEntry, ApprovalForm, ApprovalReply, ClickReply } from '../../../ports/bot.ts';
import { textAt, valueAt } from '../fields.ts';
import { inLayouts } from '../in-layouts.ts';
import type { LayoutMemory } from '../layout-memory.ts';
import { APPROVAL, approvalModal, approvalNote } from '../messages/approval-modal.ts';
import type { CallResult } from '../slack-client.ts';
import type { ListenerDeps } from './listener-deps.ts';
import { modalPlace, type OpenedModal, openModal, type Submission } from './modal.ts';
import type { Origin } from './origin.ts';
import { tellClickReply } from './tell.ts';
import { within } from './within.ts';

/** Whoever may not approve is told so without a window, when that is known this soon. */
const REFUSED_WITHIN_MS = 500;
/** The window waits as long as the acknowledgement allows. */
const ACK_WITHIN_MS = 1500;
const PREPARING = 'One moment: who you are and what would run is being checked.';
const ABOUT = /^(m-[a-z0-9]{16}):(\w{1,128})$/;
const REMEMBERS_NOTHING: LayoutMemory = { tier: async () => 'rich', remember: async () => undefined };

/** Opens the window for an approval at once, and fills it in when it is known what it shows. */
export async function openApproval(deps: ListenerDeps, origin: Origin, remediation: string): Promise<void> {
  const preparing = deps.bot.prepareApproval(origin.act, remediation);
  const early = await within(preparing, REFUSED_WITHIN_MS);
  if (early?.kind === 'duplicate') {
    return;
  }
  if (early !== undefined && early.kind !== 'form' && origin.directly !== true) {
    await tellClickReply(deps, origin, early);
    return;
  }
  const opened = await openModal(deps, origin, approvalNote(PREPARING, modalPlace(origin, remediation)));
  const prepared = early ?? (await preparing);
  if (opened !== undefined && prepared.kind !== 'duplicate') {
    await show(deps, { origin, opened, remediation }, prepared);
  }
}

type Prepared = Awaited<ReturnType<ListenerDeps['bot']['prepareApproval']>>;

async function show(
  deps: ListenerDeps,
  {
    origin,
    opened,
    remediation,
  }: { readonly origin: Origin; readonly opened: OpenedModal; readonly remediation: string },
  prepared: Exclude<Prepared, { readonly kind: 'duplicate' }>,
): Promise<void> {
  const filled =
    prepared.kind === 'form'
      ? await fillIn(deps, { origin, opened, form: prepared.form })
      : await update(deps, opened, approvalNote(prepared.reason, modalPlace(origin, remediation)));
  if (filled.kind === 'failed') {
    // Whoever closed it meanwhile wants nothing any more.
    deps.logger.warn('The window for an approval could not be filled in', { code: filled.failure.code });
  }
}

/** In the layout that the workspace takes; the plainest has nothing that it could refuse. */
function fillIn(
  deps: ListenerDeps,
  { origin, opened, form }: { readonly origin: Origin; readonly opened: OpenedModal; readonly form: ApprovalForm },
): Promise<CallResult> {
  const place = modalPlace(origin, `${form.remediation}:${form.digest}`);
  const layouts = { layouts: deps.layouts ?? REMEMBERS_NOTHING, metrics: deps.metrics };
  return inLayouts(layouts, origin.act.team, (tier) => update(deps, opened, approvalModal(form, place, tier)));
}

/** Only while the window still shows what was opened. */
function update(deps: ListenerDeps, { id, hash }: OpenedModal, view: ModalView): Promise<CallResult> {
  return deps.client.call('views.update', { view_id: id, ...(hash === '' ? {} : { hash }), view });
}

/** The submitted window: what can be corrected keeps it open; a refusal closes it and is told to that person alone. */
export async function submitApproval(deps: ListenerDeps, { from, body, ack }: Submission): Promise<void> {
  const { origin, about, audible } = from;
  const [, remediation, digest] = ABOUT.exec(about) ?? [];
  if (remediation === undefined || digest === undefined) {
    await ack();
    return;
  }
  const given = deps.bot.approve(origin.act, remediation, entryOf(body, digest));
  const reply = await within(given, ACK_WITHIN_MS);
  const problem = reply === undefined ? undefined : problemOf(reply, body);
  if (problem !== undefined) {
    await ack({ response_action: 'errors', errors: problem });
    return;
  }
  await ack();
  if (audible) {
    await tellClickReply(deps, origin, asClickReply(reply ?? (await given)));
  }
}

/** What is wrong, at the block where it can be corrected. */
function problemOf(reply: ApprovalReply, body: unknown): Record<string, string> | undefined {
  switch (reply.kind) {
    case 'invalid': {
      const { block } = APPROVAL[reply.field];
      const isAsked = valueAt(body, 'view', 'state', 'values', block) !== undefined;
      return { [isAsked ? block : APPROVAL.reason.block]: reply.reason };
    }
    case 'unavailable':
      return { [APPROVAL.reason.block]: reply.reason };
    case 'refused':
    case 'done':
    case 'duplicate':
      return undefined;
    default:
      return reply satisfies never;
  }
}

/** The window is closed by now, so that there is no block to point at. */
function asClickReply(reply: ApprovalReply): ClickReply {
  return reply.kind === 'invalid' ? { kind: 'refused', reason: `Not approved: ${reply.reason}` } : reply;
}

function entryOf(body: unknown, digest: string): ApprovalEntry {
  const at = (field: { readonly block: string; readonly action: string }): string =>
    textAt(body, 'view', 'state', 'values', field.block, field.action, 'value') ?? '';
  return { digest, confirm: at(APPROVAL.confirm), reason: at(APPROVAL.reason) };
}
