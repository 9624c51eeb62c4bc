import type { AlertBlock, KnownBlock, ModalView } from '@slack/types';
import type { ApprovalForm } from '../../../ports/bot.ts';
import { fieldsSection, plainText, preformatted, section } from './blocks.ts';
import { CAPS } from './fit-budget.ts';
import { bold, code, cutMrkdwn, cutPlain, plainWords, prose, sentence } from './mrkdwn.ts';
import { capital } from './remediation-words.ts';
import type { Tier } from './rendered-message.ts';

/** Where the listener finds what was filled in: `view.state.values[block][action].value`. */
export const APPROVAL = {
  callback: 'approval',
  confirm: { block: 'approval-confirm', action: 'confirm' },
  reason: { block: 'approval-reason', action: 'reason' },
  mostReasonChars: 500,
} as const;

const TITLE = 'Approve fix';
const NOTHING = 'There is nothing to approve.';
/** Slack shows no more of an alert. */
const ALERT = 200;
const MOST_STEPS = 8;
const STEP = 300;
const COMMANDS = 2_000;
const LONGEST_LABEL = 150;

/** Everything that somebody reads before approving, what must be typed to confirm, and why. `place` is what the submission needs to know. */
export function approvalModal(form: ApprovalForm, place: string, tier: Tier): ModalView {
  const { words, cluster, confirm, reasonRequired, more = '' } = form;
  const isLast = plainWords(more) === '';
  const commands = words.commands.filter((line) => line.trim() !== '');
  return {
    ...frame(place, 'Cancel'),
    submit: plainText(isLast ? 'Approve and run' : 'Approve'),
    blocks: [
      ...dangerBlocks(words.danger ?? '', tier),
      section('approval-about', `${bold(titleOf(words.title))}\non cluster ${code(cutPlain(cluster, CAPS.cell))}`),
      section('approval-run', stepLines(words.steps).join('\n')),
      ...(commands.length === 0 ? [] : [preformatted('approval-commands', [cutPlain(commands.join('\n'), COMMANDS)])]),
      ...factBlocks(form),
      ...(isLast ? [] : [section('approval-more', cutMrkdwn(prose(more), CAPS.section))]),
      ...(confirm === undefined ? [] : [confirmInput(confirm)]),
      reasonInput(reasonRequired),
    ],
  };
}

/** Stands in the window until it is known what it shows, or says why there is nothing to approve. */
export function approvalNote(text: string, place: string): ModalView {
  return {
    ...frame(place, 'Close'),
    blocks: [section('approval-note', cutMrkdwn(prose(text), CAPS.section) || NOTHING)],
  };
}

function frame(
  place: string,
  close: string,
): Pick<ModalView, 'type' | 'callback_id' | 'private_metadata' | 'title' | 'close'> {
  return {
    type: 'modal',
    callback_id: APPROVAL.callback,
    private_metadata: place,
    title: plainText(TITLE),
    close: plainText(close),
  };
}

/** What cannot be undone, as loud as the workspace can show it; whole below it where the alert has only its beginning. */
function dangerBlocks(danger: string, tier: Tier): readonly KnownBlock[] {
  const plain = plainWords(danger);
  if (plain === '') {
    return [];
  }
  const whole = section('approval-danger', `:warning: ${bold(cutMrkdwn(prose(sentence(danger)), CAPS.section - 20))}`);
  if (tier !== 'rich') {
    return [whole];
  }
  const alert: AlertBlock = {
    type: 'alert',
    block_id: 'approval-alert',
    level: 'error',
    text: plainText(cutPlain(sentence(plain), ALERT)),
  };
  return plain.length < ALERT ? [alert] : [alert, whole];
}

function titleOf(title: string): string {
  return capital(cutMrkdwn(prose(title), CAPS.title)) || 'A change';
}

function stepLines(steps: readonly string[]): readonly string[] {
  const shown = steps.slice(0, MOST_STEPS).map((step, index) => `${index + 1}. ${cutMrkdwn(prose(step), STEP)}`);
  const more = steps.length - shown.length;
  return ['*What will run*', ...shown, ...(more > 0 ? [`… and ${more} more in *Details*`] : [])];
}

function factBlocks({ words, tier }: ApprovalForm): readonly KnownBlock[] {
  const fields = [
    { label: 'Touches', value: words.touches },
    { label: 'Risk', value: words.risk },
    { label: 'Undo', value: words.undo },
    { label: 'Tier', value: tier },
  ].filter(({ value }) => plainWords(value) !== '');
  return [
    fieldsSection(
      'approval-facts',
      fields.map(({ label, value }) => ({ label, value: cutMrkdwn(prose(value), CAPS.field - 20) })),
    ),
  ];
}

function confirmInput(confirm: string): KnownBlock {
  return {
    type: 'input',
    block_id: APPROVAL.confirm.block,
    label: plainText(cutPlain(`Type ${plainWords(confirm)} to confirm`, LONGEST_LABEL)),
    element: { type: 'plain_text_input', action_id: APPROVAL.confirm.action },
  };
}

function reasonInput(required: boolean): KnownBlock {
  return {
    type: 'input',
    block_id: APPROVAL.reason.block,
    optional: !required,
    label: plainText('Reason'),
    hint: plainText('Shown in the thread beside your name, and kept in the audit.'),
    element: {
      type: 'plain_text_input',
      action_id: APPROVAL.reason.action,
      multiline: true,
      max_length: APPROVAL.mostReasonChars,
    },
  };
}
