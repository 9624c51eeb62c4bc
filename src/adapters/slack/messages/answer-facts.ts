import type { Diagnosis } from '../../../core/diagnosis/diagnosis.ts';
import type { CheckResult, Finding } from '../../../core/diagnosis/finding.ts';
import { formatSpan, secondsBetween } from '../../../core/facts/time.ts';
import { summaryLine } from '../../../core/render/headline.ts';
import { subjectPath, subjectTitle } from '../../../core/subject/subject.ts';
import type { Field } from './blocks.ts';
import { approvalsWords, type FixOffer, NO_FIX } from './fix-words.ts';
import { code, plainWords, prose, sentence, slackTime } from './mrkdwn.ts';

/** The coloured mark of an answer; the words beside it say the same. */
export function emojiOf({ verdict, primary }: Diagnosis): string {
  switch (verdict) {
    case 'cause':
      return primary?.state === 'confirmed' ? ':large_orange_circle:' : ':large_yellow_circle:';
    case 'unknown':
      return ':grey_question:';
    case 'starting':
    case 'stopping':
      return ':hourglass_flowing_sand:';
    case 'healthy':
    case 'finished':
      return ':white_check_mark:';
  }
}

/** What a notification says: the object, its cluster, the answer, and what can be done. Plain text. */
export function notificationOf(diagnosis: Diagnosis, cluster: string, fix: FixOffer = NO_FIX): string {
  const title = subjectTitle(diagnosis.subject);
  const answer = plainWords(`${title} (${cluster})${summaryLine(diagnosis).slice(title.length)}`);
  if (fix.kind === 'offered') {
    return `${sentence(answer)} Fix available, needs ${approvalsWords(fix)}.`;
  }
  const [advice] = diagnosis.primary?.advice ?? [];
  if (diagnosis.verdict !== 'cause' || advice === undefined) {
    return answer;
  }
  return `${sentence(answer)} Next step: ${plainWords(advice)}`;
}

/** The short facts of an answer; those that are not known are left out. */
export function fieldsOf(diagnosis: Diagnosis, cluster: string): readonly Field[] {
  const { subject, pod } = diagnosis;
  const path = code(subjectPath(subject));
  return [
    { label: subject.kind, value: path },
    { label: 'Cluster', value: prose(cluster) },
    sinceField(diagnosis),
    { label: 'Confidence', value: confidence(diagnosis.primary) },
    { label: 'Status', value: statusText(diagnosis) },
    { label: 'Pod', value: pod === undefined ? '' : [code(pod.name), alikeText(pod)].join('') },
  ].filter(({ value }) => value !== '');
}

/** The answer to a check in a word and what was seen. Plain text with code spans in backticks. */
export function checkResultText({ answer, supports, evidence = '' }: CheckResult): string {
  const seen = evidence === '' ? '' : `: ${evidence}`;
  if (supports === undefined) {
    return `Could not be told${seen}`;
  }
  return `${answer === 'yes' ? 'Yes' : 'No'}${seen}`;
}

/** The container of a finding, when the reader would take it for that of the primary cause. */
export function containerLead({ container }: Finding, primary: Finding | undefined): string {
  return container === undefined || container === primary?.container ? '' : `container \`${container}\`: `;
}

/** How long it has been like this when something is wrong, else since when. */
function sinceField(diagnosis: Diagnosis): Field {
  const { since, clock, verdict } = diagnosis;
  const seconds = secondsBetween(since, clock);
  if (since === undefined || seconds === undefined || verdict === 'starting' || verdict === 'stopping') {
    return { label: 'Restarts', value: restartText(diagnosis).replace(/ restarts?$/, '') };
  }
  if (verdict === 'cause' || verdict === 'unknown') {
    const restarts = restartText(diagnosis);
    return { label: 'Stuck for', value: `${formatSpan(seconds)}${restarts === '' ? '' : ` · ${restarts}`}` };
  }
  return { label: 'Since', value: `${slackTime(since, clock)} (${formatSpan(seconds)})` };
}

function restartText({ container }: Diagnosis): string {
  const restarts = container?.restarts ?? 0;
  return restarts === 0 ? '' : `${restarts} ${restarts === 1 ? 'restart' : 'restarts'}`;
}

/** How many pods of the workload are in the same state; empty for a single one. */
function alikeText({ alike, total }: NonNullable<Diagnosis['pod']>): string {
  if (total === 1) {
    return '';
  }
  return alike === 1 ? ` · 1 of ${total} pods` : ` · ${alike} of ${total} pods alike`;
}

/** `High · 4 of 4 checks agree`; empty without a cause. */
function confidence(primary: Finding | undefined): string {
  if (primary === undefined) {
    return '';
  }
  const told = primary.checks.filter(({ supports }) => supports !== undefined);
  const agree = told.filter(({ supports }) => supports === true).length;
  const untold = primary.checks.length - told.length;
  return [
    primary.state === 'confirmed' ? 'High' : 'Medium',
    agreement(agree, told.length),
    untold === 0 ? '' : `${untold} could not be told`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/** Nothing when no check agrees: such a cause is proven without them. */
function agreement(agree: number, told: number): string {
  if (agree === 0) {
    return '';
  }
  return told === 1 ? '1 check agrees' : `${agree} of ${told} checks agree`;
}

/** Objects without a state of their own merely exist, which says nothing. */
function statusText({ status, container }: Diagnosis): string {
  const parts = [
    status === 'exists' ? '' : prose(status),
    container === undefined ? '' : `container ${code(container.name)}`,
  ];
  if (container?.secondsLeft !== undefined) {
    parts.push(container.secondsLeft > 0 ? `next try in ${formatSpan(container.secondsLeft)}` : 'next try now');
  }
  return parts.filter((part) => part !== '').join(' · ');
}
