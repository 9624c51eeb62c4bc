import { formatSpan } from '../../../core/facts/time.ts';
import type { RemediationRecord, StepResult } from '../../../core/remediation/remediation.ts';
import { plan, preformatted, section, type Task } from './blocks.ts';
import { CAPS } from './fit-budget.ts';
import { bold, code, cutMrkdwn, cutPlain, plainWords, prose } from './mrkdwn.ts';
import { changePlain, namesChange } from './remediation-words.ts';
import type { MessageBlock, Tier } from './rendered-message.ts';

/** Steps that were made, the newest; what is to come has a line as well. */
const MOST_STEPS = 8;
/** Characters of the outputs of all steps that are shown, and of one of them at least. */
const OUTPUTS = 2_000;
const LEAST_OUTPUT = 120;
const BOXES: Readonly<Record<Task['status'], string>> = { complete: '☑', in_progress: '▶', pending: '☐', error: '☒' };

/** Whether there is any progress to show. */
export function hasProgress(record: RemediationRecord): boolean {
  return linesOf(record).length > 0;
}

/** What was done, is being done and comes next, with what each step said. Nothing before it is carried out. */
export function progressBlocks(
  record: RemediationRecord,
  tier: Tier,
  id: (role: string) => string,
): readonly MessageBlock[] {
  const lines = linesOf(record);
  if (lines.length === 0) {
    return [];
  }
  const title = namesChange(record) ? 'Steps' : changePlain(record.signed.plan);
  const outputs = outputLines(record.steps);
  const box = outputs.length === 0 ? [] : [preformatted(id('output'), outputs)];
  if (tier === 'rich') {
    return [plan(id('plan'), title, lines.map(taskOf)), ...box];
  }
  const list = lines.map(
    ({ mrkdwn, status }) =>
      `${BOXES[status]} ${mrkdwn}${status === 'error' && mrkdwn.startsWith('`') ? ' — failed' : ''}`,
  );
  return [section(id('plan'), [bold(prose(title)), ...list].join('\n')), ...box];
}

/** A line of the progress, in plain text for a plan and as mrkdwn for a list. */
interface Line {
  readonly plain: string;
  readonly mrkdwn: string;
  readonly status: Task['status'];
}

function taskOf({ plain, status }: Line): Task {
  return { title: plain, status };
}

function linesOf(record: RemediationRecord): readonly Line[] {
  const { steps } = record;
  const earlier = steps.length - MOST_STEPS;
  const shown = steps.slice(-MOST_STEPS).map(stepLine);
  const made = earlier > 0 ? [wordsLine(`${earlier} earlier ${earlier === 1 ? 'step' : 'steps'}`, 'complete')] : [];
  return [...made, ...shown, ...comingLines(record)];
}

function stepLine({ what, ok }: StepResult): Line {
  const known = STEP_WORDS.find(([begins]) => what.startsWith(begins));
  const command = cutPlain(plainWords(what), CAPS.title) || 'A step';
  const status = ok ? 'complete' : 'error';
  return known === undefined
    ? { plain: command, mrkdwn: code(command), status }
    : wordsLine(ok ? known[1] : known[2], status);
}

/** What the beginning of a step means to people, when it went well and when it did not. */
const STEP_WORDS: readonly (readonly [begins: string, done: string, failed: string])[] = [
  ['dry run', 'Dry run accepted', 'Dry run refused'],
  ...['DELETE /', 'PATCH /', 'POST /', 'PUT /'].map(
    (verb) => [verb, 'Change sent and accepted', 'Change sent, not accepted'] as const,
  ),
  ['rbd lock ls', 'Looked at the locks of the image', 'The locks of the image could not be read'],
  ['rbd info', 'Looked at the image', 'The image could not be read'],
  ['rbd status', 'Looked who watches the image', 'Who watches the image could not be read'],
  ['rbd lock rm', 'Lock removed', 'The lock was not removed'],
  ['ceph osd blocklist ls', 'Looked whom Ceph refuses', 'Whom Ceph refuses could not be read'],
  ['ceph health', 'Looked how Ceph is', 'How Ceph is could not be read'],
];

/** What is under way, what follows, and what the verification saw. */
function comingLines({ state, intent, ending, steps }: RemediationRecord): readonly Line[] {
  const isChecked = intent !== undefined || steps.at(-1)?.what === 'dry run';
  switch (state) {
    case 'executing':
      return [
        wordsLine(isChecked ? 'Making the change' : 'Checking everything again', 'in_progress'),
        wordsLine('Watch whether it helps', 'pending'),
      ];
    case 'verifying':
      return [wordsLine('Watching whether it helps', 'in_progress')];
    case 'succeeded':
      return [verifiedLine(ending?.reason)];
    case 'verify_failed':
      return [wordsLine('Not verified', 'error')];
    default:
      return [];
  }
}

function wordsLine(words: string, status: Task['status']): Line {
  return { plain: words, mrkdwn: words, status };
}

function verifiedLine(says = ''): Line {
  const plain = cutPlain(plainWords(says), CAPS.title);
  return plain === ''
    ? wordsLine('Verified', 'complete')
    : {
        plain: `Verified: ${plain}`,
        mrkdwn: `Verified: ${cutMrkdwn(prose(says), CAPS.title)}`,
        status: 'complete',
      };
}

/** When each step was made, what it was and what it said. */
function outputLines(steps: readonly StepResult[]): readonly string[] {
  const shown = steps.slice(-MOST_STEPS);
  const each = Math.max(LEAST_OUTPUT, Math.floor(OUTPUTS / Math.max(1, shown.length)));
  return shown.flatMap((step) => {
    const said = step.output.trim();
    const failed = step.ok ? '' : ', failed';
    const head = `${clockOf(step.at)}  ${cutPlain(plainWords(step.what), CAPS.title) || 'a step'}  (${tookText(step)}${failed})`;
    return said === '' ? [head] : [head, ...cutPlain(said, each).split('\n').map(indented)];
  });
}

function indented(line: string): string {
  return `  ${line}`;
}

function clockOf(at: string): string {
  const time = Date.parse(at);
  return Number.isNaN(time) ? '–' : `${new Date(time).toISOString().slice(11, 19)} UTC`;
}

function tookText({ tookMs }: StepResult): string {
  return tookMs < 10_000 ? `${(Math.max(0, tookMs) / 1000).toFixed(1)} s` : formatSpan(tookMs / 1000);
}
