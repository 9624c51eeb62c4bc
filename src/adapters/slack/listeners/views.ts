import type { App } from '@slack/bolt';
import { textAt } from '../fields.ts';
import { APPROVAL } from '../messages/approval-modal.ts';
import { DENIAL } from '../messages/denial-modal.ts';
import { FEEDBACK } from '../messages/feedback-modal.ts';
import { SILENCE } from '../messages/silence-modal.ts';
import { submitApproval } from './approval.ts';
import { submitDenial } from './denial.ts';
import { submitFeedback } from './feedback.ts';
import type { ListenerDeps } from './listener-deps.ts';
import { type ModalErrors, type Submission, submittedFrom } from './modal.ts';
import { submitSilence } from './silence.ts';

type Submit = (deps: ListenerDeps, submission: Submission) => Promise<void>;

const SUBMITS: ReadonlyMap<string, Submit> = new Map([
  [FEEDBACK.callback, submitFeedback],
  [SILENCE.callback, submitSilence],
  [APPROVAL.callback, submitApproval],
  [DENIAL.callback, submitDenial],
]);

/** Modals that were sent; one that is not known is closed. */
export function listenToViews(app: App, deps: ListenerDeps): void {
  app.view(/./, async ({ body, ack }) => {
    const from = submittedFrom(body, deps.identity.team);
    const submit = SUBMITS.get(textAt(body, 'view', 'callback_id') ?? '');
    if (submit === undefined || from === undefined) {
      await ack();
      return;
    }
    const acknowledge = (response?: ModalErrors): Promise<void> => (response === undefined ? ack() : ack(response));
    await submit(deps, { from, body, ack: acknowledge });
  });
}
