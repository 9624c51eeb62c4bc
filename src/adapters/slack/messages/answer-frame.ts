import type { Detour } from '../../../core/chat/delivery.ts';
import { shorten } from '../../../core/facts/text.ts';
import type { Question } from '../../../core/question/question.ts';
import { subjectPath, subjectTitle } from '../../../core/subject/subject.ts';
import { actions, button, overflow } from './blocks.ts';
import { code, mention, plainWords, prose, slackTime } from './mrkdwn.ts';
import { REMEDIATION_ACTIONS } from './remediation-actions.ts';
import type { MessageBlock, RenderOptions } from './rendered-message.ts';

/** The names of the buttons of an answer, which the listeners know. */
export const ACTIONS = {
  recheck: 'case.recheck',
  evidence: 'case.evidence',
  more: 'case.more',
  /** Followed by `:` and a number, because Slack wants different ones in one message. */
  suggested: 'ask.suggested',
} as const;

/** The button with which a person sees everything, as texts name it. */
export const ALL_EVIDENCE = '*All evidence*';

/** What the options of the menu of an answer begin with; `:` and the id of the question follow. */
export const MENU = { kubectl: 'kubectl', wrong: 'wrong' } as const;

/** What was asked about, as people call it: `shop/web-0`, or with a kind `Deployment shop/web`. */
export function askedTitle({ subject }: Question): string {
  const { kind, namespace, name } = subject;
  return kind === undefined ? subjectPath({ namespace, name }) : subjectTitle({ kind, namespace, name });
}

/**
 * The buttons of an answer, if any. Without a diagnosis there is nothing but to check again. A message for one person
 * cannot be renewed and has no thread for the evidence or for a change.
 */
export function questionActions(
  id: string,
  question: Question,
  shown: { readonly diagnosed: boolean; readonly privately: boolean | undefined; readonly fix?: boolean },
): readonly MessageBlock[] {
  const title = askedTitle(question);
  const review = button({
    action: REMEDIATION_ACTIONS.review,
    label: 'Review fix',
    spoken: `Review the fix: ${title}`,
    value: question.id,
    style: 'primary',
  });
  const again = button({
    action: ACTIONS.recheck,
    label: 'Check again',
    spoken: `Check again: ${title}`,
    value: question.id,
  });
  const evidence = button({
    action: ACTIONS.evidence,
    label: 'All evidence',
    spoken: `All evidence: ${title}`,
    value: question.id,
  });
  const more = overflow(ACTIONS.more, [
    { label: 'Copy kubectl', value: `${MENU.kubectl}:${question.id}` },
    { label: 'Wrong diagnosis', value: `${MENU.wrong}:${question.id}` },
  ]);
  const offered = [
    ...(shown.fix === true && shown.privately !== true ? [review] : []),
    ...(shown.privately === true ? [] : [again]),
    ...(shown.diagnosed && shown.privately !== true ? [evidence] : []),
    ...(shown.diagnosed ? [more] : []),
  ];
  return offered.length === 0 ? [] : [actions(id, offered)];
}

/** `run q-…`, with the number of the check from the second one on. */
export function runText(id: string, run: number): string {
  return run > 1 ? `run ${code(id)} no. ${run}` : `run ${code(id)}`;
}

/**
 * The small print: what was done, for whom, when. The only mention is that of the asker: that person asked, and Slack
 * notifies only when the message is new. What an incident asked is for its alerts.
 */
export function smallPrint(
  asked: { readonly question: Question; readonly run: number; readonly at?: string },
  done: string,
  options: RenderOptions,
): readonly string[] {
  const { question, run, at } = asked;
  const line = [
    done,
    at === undefined ? '' : `checked ${slackTime(at, question.askedAt)}`,
    forWhom(question),
    runText(question.id, run),
  ];
  const shown = line.filter((part) => part !== '').join(' · ');
  if (options.privately === true) {
    return [shown, 'Only you see this: invite me to the channel to answer for everyone'];
  }
  return options.detour === undefined ? [shown] : [shown, detourNote(options.detour, options.intended)];
}

/** Names of alerts in the small print. */
const MOST_ALERTS = 3;
const ALERT_NAME = 40;

/** Who asked, or the alerts because of which Kubewhy asked itself. */
function forWhom({ asker, incident }: Question): string {
  if (incident === undefined) {
    return `asked by ${mention(asker.user)}`;
  }
  const names = incident.alerts.map(plainWords).filter((name) => name !== '');
  const shown = names.slice(0, MOST_ALERTS).map((name) => prose(shorten(name, ALERT_NAME)));
  const more = names.length - shown.length;
  const word = names.length === 1 ? 'alert' : 'alerts';
  return shown.length === 0 ? 'for an alert' : `for ${word} ${shown.join(', ')}${more > 0 ? ` +${more}` : ''}`;
}

const NOT_THERE: Readonly<Record<string, string>> = {
  channel_not_found: 'I cannot see the channel where you asked any more',
  is_archived: 'the channel where you asked is archived',
  is_inactive: 'the channel where you asked is archived',
  not_in_channel: 'I am not in the channel where you asked',
};

const NOT_IN_CHANNEL: Readonly<Record<string, string>> = {
  channel_not_found: 'I cannot see it',
  is_archived: 'it is archived',
  is_inactive: 'it is archived',
  not_in_channel: 'I am not in it',
};

/** Why a message is not where it was meant to be; `intended` is the id of that channel. */
export function detourNote({ to, code: refusal }: Detour, intended = ''): string {
  switch (to) {
    case 'channel':
      return `Not in the thread: Slack took no reply there (${code(refusal)})`;
    case 'asker':
      return `Sent only to you: ${NOT_THERE[refusal] ?? `Slack took no message where you asked (${code(refusal)})`}`;
    case 'fallback': {
      const channel = /^[CG][A-Z0-9]{2,30}$/.test(intended) ? `<#${intended}>` : 'its own channel';
      return `Not in ${channel}: ${NOT_IN_CHANNEL[refusal] ?? `Slack took no message there (${code(refusal)})`}`;
    }
  }
}
