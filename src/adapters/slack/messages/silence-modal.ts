import type { KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import type { SilenceForm } from '../../../ports/bot.ts';
import { plainText, section } from './blocks.ts';
import { code, cutMrkdwn, cutPlain, plainWords, prose } from './mrkdwn.ts';

/** Where the listener finds what was filled in: `view.state.values[block][action]`, each block with one action. */
export const SILENCE = {
  callback: 'silence',
  alertmanager: { block: 'silence-alertmanager', action: 'alertmanager' },
  matchers: { block: 'silence-matchers', action: 'matchers' },
  duration: { block: 'silence-duration', action: 'duration' },
  comment: { block: 'silence-comment', action: 'comment' },
  mostMatcherChars: 3000,
  mostCommentChars: 500,
} as const;

/** Slack shows at most so many choices. */
const MOST_OPTIONS = 100;
const TITLE = 'Silence alerts';

/** Asks what is silenced where, for how long and why. `place` is what the submission needs to know. */
export function silenceModal(form: SilenceForm, place: string): ModalView {
  return {
    ...frame(place),
    submit: plainText('Silence'),
    blocks: [
      section('silence-about', cutMrkdwn(aboutText(form), 2900)),
      select(
        SILENCE.alertmanager,
        'Alertmanager',
        form.alertmanagers.map((name) => ({ label: name, value: name })),
      ),
      matchersInput(form.matchers),
      select(
        SILENCE.duration,
        'For how long',
        form.choices.map(({ label, minutes }) => ({ label, value: String(minutes) })),
      ),
      {
        type: 'input',
        block_id: SILENCE.comment.block,
        label: plainText('Why'),
        element: {
          type: 'plain_text_input',
          action_id: SILENCE.comment.action,
          max_length: SILENCE.mostCommentChars,
          placeholder: plainText('Shown in Alertmanager beside your name'),
        },
      },
    ],
  };
}

/** Stands in the window until it is known what it shows, or says why there is nothing to fill in. */
export function silenceNote(text: string, place: string): ModalView {
  return { ...frame(place), blocks: [section('silence-note', cutMrkdwn(prose(text), 2900))] };
}

function aboutText({ title, everyCluster }: SilenceForm): string {
  const all =
    everyCluster === true
      ? ' *These matchers silence the alerts of all clusters:* nothing says how alerts name this one. Add a matcher if they do.'
      : '';
  return `Alerts of ${code(title)} and all others that fit make no noise.${all}`;
}

function frame(place: string): Pick<ModalView, 'type' | 'callback_id' | 'private_metadata' | 'title' | 'close'> {
  return {
    type: 'modal',
    callback_id: SILENCE.callback,
    private_metadata: place,
    title: plainText(TITLE),
    close: plainText('Cancel'),
  };
}

function matchersInput(matchers: readonly string[]): KnownBlock {
  return {
    type: 'input',
    block_id: SILENCE.matchers.block,
    label: plainText('Matchers, one a line'),
    hint: plainText('name="value", also with !=, =~ and !~. An alert must fit all of them.'),
    element: {
      type: 'plain_text_input',
      action_id: SILENCE.matchers.action,
      multiline: true,
      max_length: SILENCE.mostMatcherChars,
      ...initial(matchers),
    },
  };
}

/** A choice of which the first is made already. */
function select(
  at: { readonly block: string; readonly action: string },
  label: string,
  choices: readonly { readonly label: string; readonly value: string }[],
): KnownBlock {
  const options = choices.slice(0, MOST_OPTIONS).map(option);
  const [first] = options;
  return {
    type: 'input',
    block_id: at.block,
    label: plainText(label),
    element: {
      type: 'static_select',
      action_id: at.action,
      options,
      ...(first === undefined ? {} : { initial_option: first }),
    },
  };
}

function option({ label, value }: { readonly label: string; readonly value: string }): PlainTextOption {
  return { text: plainText(cutPlain(plainWords(label), 75)), value };
}

/** Slack refuses an empty text here. */
function initial(matchers: readonly string[]): { readonly initial_value?: string } {
  const text = matchers.join('\n');
  return text === '' || text.length > SILENCE.mostMatcherChars ? {} : { initial_value: text };
}
