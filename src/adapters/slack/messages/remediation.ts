import type { RemediationCard } from '../../../core/chat/content.ts';
import { formatSpan, secondsBetween } from '../../../core/facts/time.ts';
import type { RemediationPlan, RemediationRecord } from '../../../core/remediation/remediation.ts';
import { labelled } from './answer-paragraphs.ts';
import { actions, context, type Field, fieldsSection, preformatted, section } from './blocks.ts';
import { CAPS, fitBudget } from './fit-budget.ts';
import {
  bold,
  cutMrkdwn,
  cutPlain,
  mention,
  notificationText,
  plainWords,
  prose,
  sentence,
  slackTime,
} from './mrkdwn.ts';
import { remediationButtons } from './remediation-actions.ts';
import { checkByHand } from './remediation-by-hand.ts';
import { remediationPrint } from './remediation-print.ts';
import { hasProgress, progressBlocks } from './remediation-progress.ts';
import { changeLine, headLine, namesChange, notificationOf } from './remediation-words.ts';
import type { MessageBlock, RemediationContent, RenderedMessage, RenderOptions, Tier } from './rendered-message.ts';

const MOST_STEPS = 8;
const STEP = 300;
const CAUSE = 300;
const REASON = 600;
const UNCHANGED = 'Nothing was changed.';
const REST = 'Shortened: *Details* has the rest';

/** A change from its proposal to its end: how it stands first, then what it is about, what can be done, and who decided. */
export function renderRemediation({ card }: RemediationContent, tier: Tier, options: RenderOptions): RenderedMessage {
  const { record } = card;
  const id = (role: string): string => `${record.signed.plan.id}:v${options.version}:${role}`;
  const buttons = remediationButtons(record);
  const blocks = [
    section(id('title'), titleLines(card).join('\n')),
    ...bodyBlocks(card, tier, id),
    ...(buttons.length === 0 ? [] : [actions(id('actions'), buttons)]),
    context(id('context'), remediationPrint(card, options)),
  ];
  return fitBudget({ text: notificationText(notificationOf(card)), blocks }, { rest: REST });
}

function titleLines(card: RemediationCard): readonly string[] {
  const { record } = card;
  const isSaid = namesChange(record) || hasProgress(record);
  return [headLine(card), isSaid ? '' : changeLine(record), reasonLine(record)].filter((line) => line !== '');
}

/** Why it is proposed, or what is to be known of how it ended; empty where the first line says everything. */
function reasonLine(record: RemediationRecord): string {
  const { state, ending, signed } = record;
  const reason = cutMrkdwn(prose(sentence(ending?.reason ?? '')), REASON);
  switch (state) {
    case 'proposed':
    case 'awaiting_approval':
      return becauseLine(signed.plan);
    case 'superseded':
    case 'blocked':
    case 'failed':
      return stoppedLine(record, reason);
    case 'denied':
    case 'expired':
    case 'cancelled':
      return UNCHANGED;
    case 'verify_failed':
      return `${reason === '' ? '' : `Seen: ${reason} `}A fresh diagnosis follows in this thread.`;
    case 'unknown_outcome':
      return `${reason}${/twice/.test(reason) ? '' : ' Kubewhy does not run it again.'}`.trim();
    default:
      return '';
  }
}

/** Whether something was sent is in the reason of what failed; of the others nothing is said that is not certain. */
function stoppedLine({ state, ending, intent }: RemediationRecord, reason: string): string {
  const unsaid = state !== 'failed' && intent === undefined && !/nothing was changed/i.test(reason);
  const ask = ending?.by === undefined ? '' : `Ask ${mention(ending.by)}.`;
  return [reason, ask, unsaid ? UNCHANGED : ''].filter((part) => part !== '').join(' ');
}

function becauseLine({ finding }: RemediationPlan): string {
  const cause = cutMrkdwn(prose(sentence(cutPlain(finding.cause, CAUSE))), CAUSE);
  return cause === '' ? '' : `Because ${cause}`;
}

function bodyBlocks(card: RemediationCard, tier: Tier, id: (role: string) => string): readonly MessageBlock[] {
  const { record } = card;
  switch (record.state) {
    case 'proposed':
    case 'awaiting_approval':
      return proposalBlocks(card, id);
    case 'unknown_outcome':
      return [...progressBlocks(record, tier, id), ...checkByHand(record.signed.plan, id)];
    case 'succeeded':
    case 'verify_failed':
      return [...progressBlocks(record, tier, id), ...undoBlock(record.signed.plan, id)];
    default:
      return progressBlocks(record, tier, id);
  }
}

/** Everything that somebody reads before deciding. */
function proposalBlocks({ record, at }: RemediationCard, id: (role: string) => string): readonly MessageBlock[] {
  const { plan } = record.signed;
  const { words } = plan;
  const commands = words.commands.filter((line) => line.trim() !== '');
  const danger = cutMrkdwn(prose(sentence(words.danger ?? '')), REASON);
  return [
    section(id('run'), stepLines(plan).join('\n')),
    ...(commands.length === 0 ? [] : [preformatted(id('proof'), commands)]),
    fieldsSection(id('fields'), fieldsOf(plan, at)),
    ...(danger === '' ? [] : [section(id('danger'), `:warning: ${bold(danger)}`)]),
  ];
}

function stepLines({ words }: RemediationPlan): readonly string[] {
  const shown = words.steps.slice(0, MOST_STEPS);
  const more = words.steps.length - shown.length;
  const lines = shown.map((step, index) => `${index + 1}. ${cutMrkdwn(prose(step), STEP)}`);
  return ['*What will run*', ...lines, ...(more > 0 ? [`… and ${more} more in *Details*`] : [])];
}

function fieldsOf(plan: RemediationPlan, at: string): readonly Field[] {
  const { words, proposedAt, expiresAt } = plan;
  const seconds = secondsBetween(proposedAt, expiresAt);
  const fields = [
    { label: 'Touches', value: fieldText(words.touches) },
    { label: 'Risk', value: fieldText(words.risk) },
    { label: 'Undo', value: fieldText(words.undo) },
    {
      label: 'Expires',
      value: `${slackTime(expiresAt, at)}${seconds === undefined ? '' : ` (${formatSpan(seconds)})`}`,
    },
  ];
  return fields.map(({ label, value }) => ({ label, value: value === '' ? '–' : value }));
}

function fieldText(text: string): string {
  return plainWords(text) === '' ? '' : cutMrkdwn(prose(text), CAPS.field - 20);
}

/** A hint where there is something to undo. */
function undoBlock({ words }: RemediationPlan, id: (role: string) => string): readonly MessageBlock[] {
  const undo = cutMrkdwn(labelled('Undo', words.undo), REASON);
  const isNone = plainWords(words.undo) === '' || /^(?:nothing to undo|it cannot be undone)/i.test(words.undo);
  return isNone ? [] : [section(id('undo'), undo)];
}
