import type { Diagnosis } from '../../../core/diagnosis/diagnosis.ts';
import type { CheckResult } from '../../../core/diagnosis/finding.ts';
import type { Question } from '../../../core/question/question.ts';
import { summaryLine } from '../../../core/render/headline.ts';
import { checkResultText, emojiOf, fieldsOf, notificationOf } from './answer-facts.ts';
import { ALL_EVIDENCE, questionActions, smallPrint } from './answer-frame.ts';
import { aboutCause, besidesParagraphs, fixParagraphs, labelled, mechanismOf } from './answer-paragraphs.ts';
import { context, fieldsSection, preformatted, section, table } from './blocks.ts';
import { CAPS, fitBudget } from './fit-budget.ts';
import { type FixOffer, NO_FIX } from './fix-words.ts';
import {
  bold,
  capitalised,
  code,
  cutMrkdwn,
  cutPlain,
  notificationText,
  plainWords,
  prose,
  sentence,
} from './mrkdwn.ts';
import type { AnswerContent, MessageBlock, RenderedMessage, RenderOptions, Tier } from './rendered-message.ts';

type Answered = Extract<AnswerContent['outcome'], { readonly kind: 'answered' }>;

/** Everything that the layout of an answer needs. */
export interface AnswerLayout {
  readonly question: Question;
  readonly run: number;
  readonly answered: Answered;
  /** When it was answered, RFC 3339; absent for an answer that is being replaced. */
  readonly at?: string;
  readonly fix?: FixOffer;
}

const MOST_CHECKS = 6;
const MOST_PROOF = 3;
const PROOF_LINE = 280;
const REST = `Shortened: ${ALL_EVIDENCE} has the rest`;
const PRIVATE_REST = 'Shortened: where I am a member, there is a button for the rest';

/** The answer to a question: the cause first, then how, where, why it is believed, and what to do. */
export function renderAnswer(layout: AnswerLayout, tier: Tier, options: RenderOptions): RenderedMessage {
  const { question, answered } = layout;
  const id = (role: string): string => `${question.id}:v${options.version}:${role}`;
  const body = answerBody(layout, tier, id);
  const done = quotesTime(body) ? `${answerPrint(layout)} · times above in UTC` : answerPrint(layout);
  const blocks = [
    ...body,
    ...questionActions(id('actions'), question, {
      diagnosed: true,
      privately: options.privately,
      fix: layout.fix?.kind === 'offered',
    }),
    context(id('context'), smallPrint(layout, done, options)),
  ];
  const text = notificationText(notificationOf(answered.diagnosis, question.cluster, layout.fix));
  const rest = options.privately === true ? PRIVATE_REST : REST;
  return fitBudget({ text, blocks }, { rest, shortened: isShortened(answered.diagnosis) });
}

/** The blocks between nothing and the buttons; at most six. */
export function answerBody(
  { question, answered: { diagnosis }, fix = NO_FIX }: AnswerLayout,
  tier: Tier,
  id: (role: string) => string,
): readonly MessageBlock[] {
  const proof = proofLines(diagnosis);
  return [
    section(id('title'), `${emojiOf(diagnosis)} ${bold(cutMrkdwn(wholeTitle(diagnosis), CAPS.title))}`),
    ...paragraphs(id('why'), [fullCause(diagnosis), mechanism(diagnosis), ...aboutCause(diagnosis)]),
    fieldsSection(id('fields'), fieldsOf(diagnosis, question.cluster)),
    ...(proof.length === 0 ? [] : [preformatted(id('proof'), proof)]),
    ...checkBlocks(id('checks'), diagnosis.primary?.checks ?? [], tier),
    ...paragraphs(id('fix'), [...fixParagraphs(diagnosis, fix), ...besidesParagraphs(diagnosis)]),
  ];
}

/** The playbooks, what was done, and how long it took. */
export function answerPrint({ answered }: AnswerLayout): string {
  const { diagnosis, playbooks, requests, tookMs } = answered;
  const name = diagnosis.primary?.code;
  const by = name === undefined ? `Playbooks ${code(playbooks)}` : `Playbook ${code(`${name}@${playbooks}`)}`;
  const reads = requests === 1 ? '1 API request' : `${requests} API requests`;
  const took = tookMs < 50 ? 'under 0.1 s' : `${(tookMs / 1000).toFixed(1)} s`;
  return [by, 'read-only', reads, took].join(' · ');
}

/** The object and the cause; the cause alone where both are too long, because the fields name the object. */
function wholeTitle(diagnosis: Diagnosis): string {
  const { primary } = diagnosis;
  const whole = prose(summaryLine(diagnosis));
  if (whole.length <= CAPS.title || primary === undefined) {
    return whole;
  }
  return prose(primary.state === 'likely' ? `Likely: ${primary.cause}` : capitalised(primary.cause));
}

/** The cause whole, where the title has only its beginning. */
function fullCause(diagnosis: Diagnosis): string {
  const cut = wholeTitle(diagnosis).length > CAPS.title;
  return cut && diagnosis.primary !== undefined ? labelled('Cause', sentence(diagnosis.primary.cause)) : '';
}

/** Evidence is quoted as it is, while Slack shows the time of the check in the reader's time zone. */
function quotesTime(blocks: readonly MessageBlock[]): boolean {
  return /\b\d{2}:\d{2}\b(?! UTC)/.test(JSON.stringify(blocks));
}

function mechanism(diagnosis: Diagnosis): string {
  return cutMrkdwn(mechanismOf(diagnosis), CAPS.mechanism);
}

function isShortened(diagnosis: Diagnosis): boolean {
  const checks = diagnosis.primary?.checks.length ?? 0;
  const long = provenBy(diagnosis).some((line) => line.length > PROOF_LINE);
  return long || checks > MOST_CHECKS || mechanismOf(diagnosis).length > CAPS.mechanism;
}

function paragraphs(id: string, texts: readonly string[]): readonly MessageBlock[] {
  const shown = texts.filter((text) => text !== '');
  return shown.length === 0 ? [] : [section(id, shown.join('\n'))];
}

function provenBy({ verdict, primary, seen }: Diagnosis): readonly string[] {
  const lines = verdict === 'unknown' ? seen : (primary?.evidence ?? []);
  return lines.filter((line) => line.trim() !== '').slice(0, MOST_PROOF);
}

/** The decisive lines, each short enough that the others stay visible. */
function proofLines(diagnosis: Diagnosis): readonly string[] {
  return provenBy(diagnosis).map((line) => cutPlain(line.trim(), PROOF_LINE));
}

/** A table where every cell has room for its text, else a list. */
function checkBlocks(id: string, checks: readonly CheckResult[], tier: Tier): readonly MessageBlock[] {
  const shown = checks.slice(0, MOST_CHECKS);
  if (shown.length === 0) {
    return [];
  }
  const rows = shown.map((check) => [plainWords(check.ask), plainWords(checkResultText(check))]);
  if (tier === 'rich' && rows.flat().every((cell) => cell.length <= CAPS.cell)) {
    return [table(id, [['Check', 'Result'], ...rows])];
  }
  const lines = shown.map((check) => `• ${prose(check.ask)} ${prose(checkResultText(check))}`);
  return [section(id, ['*Checks*', ...lines].join('\n'))];
}
