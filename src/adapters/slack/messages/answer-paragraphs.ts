import type { Diagnosis } from '../../../core/diagnosis/diagnosis.ts';
import type { Finding } from '../../../core/diagnosis/finding.ts';
import { onlyByHand } from '../../../core/remediation/advice.ts';
import { nextCommands } from '../../../core/render/next-commands.ts';
import { containerLead } from './answer-facts.ts';
import { ALL_EVIDENCE } from './answer-frame.ts';
import { approvalsWords, type FixOffer, fixMrkdwn, NO_FIX } from './fix-words.ts';
import { code, cutPlain, plainWords, prose, sentence } from './mrkdwn.ts';

/** Findings of one sort that are told in the message; the evidence has the rest. */
const MOST = 3;
/** Characters of a proof in the middle of a paragraph. */
const PROOF = 200;

/** How it comes about, in two or three sentences of mrkdwn; for other verdicts what was looked at. */
export function mechanismOf(diagnosis: Diagnosis): string {
  const { verdict, primary, checked } = diagnosis;
  if (verdict === 'cause') {
    return (primary?.why ?? []).map((why) => prose(sentence(why))).join(' ');
  }
  if (verdict === 'unknown') {
    return 'Something is wrong, but no playbook explains what was seen.';
  }
  return checked.length === 0 ? '' : `Looked at: ${checked.map(prose).join(' · ')}`;
}

/** What belongs to the cause: its root on another object, other causes that fit, what qualifies it. */
export function aboutCause({ primary, alternatives, modifiers }: Diagnosis): readonly string[] {
  return [
    ...rootParagraph(primary),
    ...limited(alternatives, alternativeParagraph),
    ...limited(modifiers, (modifier) => labelled(modifierLabel(modifier), sentence(modifier.cause))),
  ];
}

/** What can be done: the repair that somebody may approve, else a person's next step. */
export function fixParagraphs(diagnosis: Diagnosis, fix: FixOffer = NO_FIX): readonly string[] {
  const { verdict, primary } = diagnosis;
  if (verdict === 'unknown') {
    const commands = nextCommands(diagnosis).map((command) => `• ${code(command)}`);
    return commands.length === 0 ? [] : [['*To look further*', ...commands].join('\n')];
  }
  if (primary === undefined) {
    return [];
  }
  const root = primary.root;
  const steps = [
    ...(root?.finding.advice ?? []).map((text) => `at \`${root?.subject ?? ''}\`: ${text}`),
    ...primary.advice,
    ...(fix.kind === 'offered' ? [] : handCommands(primary)),
  ];
  return [
    ...fixParagraph(fix),
    ...stepsParagraph(steps, fix),
    ...primary.later.slice(0, MOST).map((text) => labelled('Later', sentence(text))),
  ];
}

/** What a person types where nobody can approve anything, as code spans. */
function handCommands({ remediation }: Finding): readonly string[] {
  const commands = remediation === undefined ? undefined : onlyByHand(remediation);
  return (commands ?? []).map((command) => `\`${command}\``);
}

/** Separate troubles, consequences, trouble that is over, and what could not be read. */
export function besidesParagraphs({ others, consequences, past, unread, primary }: Diagnosis): readonly string[] {
  return [
    ...limited(others, (finding) => labelled('Also', otherText(finding, primary))),
    ...limited(consequences, (finding) =>
      labelled('Explained by this', sentence(containerLead(finding, primary) + finding.cause)),
    ),
    ...limited(past, (text) => labelled('Over', sentence(text))),
    ...limited(unread, (text) => labelled('Unread', sentence(text))),
  ];
}

/** A paragraph with a bold label; the text may hold code spans in backticks. */
export function labelled(label: string, text: string): string {
  return `*${label}* — ${prose(text)}`;
}

function fixParagraph(fix: FixOffer): readonly string[] {
  return fix.kind === 'offered'
    ? [`*Suggested fix* — ${fixMrkdwn(fix)}. Needs ${approvalsWords(fix)}; nothing is changed before that.`]
    : [];
}

/** By what the advice for a person begins. */
const ADVICE: Readonly<Record<FixOffer['kind'], readonly [one: string, several: string]>> = {
  none: ['*No approved fix* — next step for a human:', '*No approved fix* — next steps for a human:'],
  offered: ['*By hand* —', '*By hand*'],
  unknown: ['*Next step* —', '*Next steps*'],
};

/** Advice often ends with a command, so no full stop is put behind it. */
function stepsParagraph(steps: readonly string[], { kind }: FixOffer): readonly string[] {
  const [only, ...more] = steps;
  if (only === undefined) {
    return [];
  }
  if (more.length === 0) {
    return [`${ADVICE[kind][0]} ${prose(only)}`];
  }
  const lines = limited(steps, (step) => `• ${prose(step)}`, MOST * 2);
  return [[ADVICE[kind][1], ...lines].join('\n')];
}

function rootParagraph(primary: Finding | undefined): readonly string[] {
  if (primary?.root === undefined) {
    return [];
  }
  const { subject, finding } = primary.root;
  const [proof] = finding.evidence;
  const told = proof === undefined ? '' : ` Proof: ${sentence(cutPlain(plainWords(proof), PROOF))}`;
  return [
    labelled(
      'Root',
      `\`${subject}\`${finding.state === 'likely' ? ', likely' : ''}: ${sentence(finding.cause)}${told}`,
    ),
  ];
}

function alternativeParagraph({ cause, evidence, checks }: Finding): string {
  const open = checks.filter(({ supports }) => supports === undefined);
  const decides = open.map(({ ask, evidence: seen = '' }) => `${ask}${seen === '' ? '' : ` (${seen})`}`);
  const [proof] = evidence;
  return labelled(
    'Or',
    [
      `this fits as well: ${sentence(cause)}`,
      proof === undefined ? '' : `Proof: ${sentence(cutPlain(plainWords(proof), PROOF))}`,
      decides.length === 0 ? '' : `What would decide: ${decides.join(' ')}`,
    ]
      .filter((part) => part !== '')
      .join(' '),
  );
}

function otherText(finding: Finding, primary: Finding | undefined): string {
  const [advice] = finding.advice;
  const likely = finding.state === 'likely' ? ' (likely)' : '';
  const fix = advice === undefined ? '' : ` Next step: ${advice}`;
  return `${sentence(containerLead(finding, primary) + finding.cause + likely)}${fix}`;
}

function modifierLabel({ code: name }: Finding): string {
  return /back-?off/.test(name) ? 'Back-off' : 'Note';
}

function limited<T>(items: readonly T[], tell: (item: T) => string, most = MOST): readonly string[] {
  const more = items.length - most;
  const shown = items.slice(0, most).map(tell);
  return more > 0 ? [...shown, `… and ${more} more in ${ALL_EVIDENCE}`] : shown;
}
