import type { ModalView } from '@slack/types';
import { plainText, section } from './blocks.ts';
import { code, cutMrkdwn } from './mrkdwn.ts';

/** Where the listener finds what was typed: `view.state.values[block][action].value`. */
export const FEEDBACK = { callback: 'feedback', block: 'feedback', action: 'text', mostChars: 2_000 } as const;

/** Asks what was wrong with an answer; the words are optional. `subjectTitle` is what was asked about. */
export function feedbackModal(questionId: string, subjectTitle: string): ModalView {
  const about = cutMrkdwn(code(subjectTitle), 300);
  return {
    type: 'modal',
    callback_id: FEEDBACK.callback,
    private_metadata: questionId,
    title: plainText('Wrong diagnosis'),
    submit: plainText('Send'),
    close: plainText('Cancel'),
    blocks: [
      section(
        'about',
        `The answer about ${about} and the facts behind it are kept for the people who write the playbooks.`,
      ),
      {
        type: 'input',
        block_id: FEEDBACK.block,
        optional: true,
        label: plainText('What was it really?'),
        element: {
          type: 'plain_text_input',
          action_id: FEEDBACK.action,
          multiline: true,
          max_length: FEEDBACK.mostChars,
          placeholder: plainText('The cause, as far as you know it'),
        },
      },
    ],
  };
}
