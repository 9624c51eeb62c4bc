import type { ModalView } from '@slack/types';
import { plainText, section } from './blocks.ts';
import { code, cutMrkdwn } from './mrkdwn.ts';

/** Where the listener finds what was typed: `view.state.values[block][action].value`. */
export const DENIAL = { callback: 'denial', block: 'denial-reason', action: 'reason', mostChars: 500 } as const;

const ABOUT = 300;

/** Asks why a change is denied; the words are optional. `title` is what would be done. */
export function denialModal(title: string, place: string): ModalView {
  return {
    type: 'modal',
    callback_id: DENIAL.callback,
    private_metadata: place,
    title: plainText('Deny fix'),
    submit: plainText('Deny'),
    close: plainText('Cancel'),
    blocks: [
      section('denial-about', `Denies ${cutMrkdwn(code(title), ABOUT)}. One denial is enough: nothing is changed.`),
      {
        type: 'input',
        block_id: DENIAL.block,
        optional: true,
        label: plainText('Reason'),
        element: {
          type: 'plain_text_input',
          action_id: DENIAL.action,
          multiline: true,
          max_length: DENIAL.mostChars,
          placeholder: plainText('Shown in the thread beside your name'),
        },
      },
    ],
  };
}
