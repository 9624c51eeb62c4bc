import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { CheckResult, Finding } from '../diagnosis/finding.ts';
import { easyByHand, onlyByHand } from '../remediation/advice.ts';
import type { ProposedAction } from '../remediation/proposed-action.ts';
import { consideredLines } from './considered.ts';
import { headlineLines } from './headline.ts';
import { nextCommands } from './next-commands.ts';
import { createPage, type Item, type PageOptions, plainItems, type Section } from './page.ts';

/** How a diagnosis is shown in a terminal. */
export interface RenderOptions extends PageOptions {
  /** Adds every playbook that was considered and why it did or did not match. */
  readonly explain?: boolean;
}

/** Separate troubles and alternatives that are shown in full; the rest is counted. */
const MOST_OTHERS = 6;

/** A diagnosis as lines for a terminal; the same diagnosis always gives the same text. */
export function renderText(diagnosis: Diagnosis, options: RenderOptions = {}): string {
  const page = createPage(options);
  const sections = sectionsOf(diagnosis).flatMap((section) => page.section(section));
  const explained = options.explain === true ? consideredLines(diagnosis.considered, page) : [];
  return [headlineLines(diagnosis, page), sections, explained]
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n');
}

/** Only the answer and what is visible from outside. */
export function renderFirstLines(diagnosis: Diagnosis, options: PageOptions = {}): string {
  return headlineLines(diagnosis, createPage(options)).join('\n');
}

function sectionsOf(diagnosis: Diagnosis): readonly Section[] {
  const { primary, modifiers, past, checked, unread, seen, verdict } = diagnosis;
  const plain = (label: string, texts: readonly string[] | undefined): Section => ({
    label,
    items: plainItems(texts ?? []),
  });
  return [
    plain('why', primary?.why),
    plain('proof', primary?.evidence),
    { label: 'checks', items: (primary?.checks ?? []).map(checkItem) },
    { label: 'root', items: rootItems(primary) },
    { label: 'also', items: alsoItems(diagnosis) },
    { label: 'or', items: limited(diagnosis.alternatives, alternativeItems) },
    ...modifiers.map((modifier) => plain(modifierLabel(modifier), [modifier.cause])),
    plain('seen', seen),
    plain('checked', checked),
    plain('past', past),
    { label: 'fix', items: primary === undefined ? [] : fixItems(primary) },
    plain('later', primary?.later),
    plain('unread', unread),
    plain('next', verdict === 'unknown' ? nextCommands(diagnosis) : []),
  ];
}

function checkItem({ ask, answer, supports, evidence = '' }: CheckResult): Item {
  if (supports === undefined) {
    return { mark: '?', tone: 'doubt', text: `${ask} could not be told${evidence === '' ? '' : `: ${evidence}`}` };
  }
  const text = `${ask} ${answer}${evidence === '' ? '' : `: ${evidence}`}`;
  return supports ? { mark: '✓', tone: 'good', text } : { mark: '✗', tone: 'bad', text };
}

function rootItems(primary: Finding | undefined): readonly Item[] {
  if (primary?.root === undefined) {
    return [];
  }
  const { subject, finding } = primary.root;
  return [
    { text: `${subject}${likely(finding)}: ${finding.cause}` },
    ...marked('proof', plainItems(finding.evidence)),
    ...marked('fix  ', fixItems(finding)),
  ];
}

function alsoItems({ others, consequences, primary }: Diagnosis): readonly Item[] {
  return [
    ...limited(others, (finding) => [
      { text: `${about(finding, primary)}${finding.cause}${likelyAfter(finding)}` },
      ...marked('fix', fixItems(finding).slice(0, 1)),
    ]),
    ...limited(consequences, (finding) => [{ text: `explained by this: ${about(finding, primary)}${finding.cause}` }]),
  ];
}

function alternativeItems(finding: Finding): readonly Item[] {
  const undecided = finding.checks.filter((check) => check.supports === undefined);
  const decides = undecided.map(({ ask, evidence = '' }) => `${ask}${evidence === '' ? '' : ` (${evidence})`}`);
  return [
    { text: finding.cause },
    ...marked('proof ', plainItems(finding.evidence.slice(0, 1))),
    ...marked('decide', plainItems(decides)),
  ];
}

function limited(findings: readonly Finding[], items: (finding: Finding) => readonly Item[]): readonly Item[] {
  const shown = findings.slice(0, MOST_OTHERS).flatMap(items);
  const more = findings.length - MOST_OTHERS;
  return more > 0 ? [...shown, { text: `and ${more} more, shown with -o json` }] : shown;
}

/** Advice, then what to type; behind it the repair that is better left to Kubewhy, which looks before it acts. */
function fixItems({ advice, remediation }: Omit<Finding, 'root'>): readonly Item[] {
  const items = plainItems(advice);
  if (remediation === undefined || remediation.action === 'R-ADVICE') {
    return items;
  }
  const byHand = onlyByHand(remediation);
  if (byHand !== undefined) {
    return [...items, ...marked('$', plainItems(byHand))];
  }
  const easy = easyByHand(remediation);
  return easy.length > 0 ? [...items, ...marked('$', plainItems(untold(easy, advice)))] : offered(items, remediation);
}

/** Commands that no advice holds already; advice writes options where it likes. */
function untold(commands: readonly string[], advice: readonly string[]): readonly string[] {
  const known = new Set(advice.flatMap((text) => kubectlLines(text)));
  return commands.filter((command) => !kubectlLines(command).some((line) => known.has(line)));
}

/** Every kubectl command of a text as the sorted words of it. */
function kubectlLines(text: string): readonly string[] {
  return text
    .split(/\bkubectl\b/)
    .slice(1)
    .map((rest) => (/^[^`;:,()]*/.exec(rest)?.[0] ?? '').trim().split(/\s+/).toSorted().join(' '));
}

function offered(items: readonly Item[], { action }: ProposedAction): readonly Item[] {
  const offer = `→ ${action}, can be approved in Slack`;
  const last = items.at(-1);
  return last === undefined ? [{ text: offer }] : [...items.slice(0, -1), { ...last, after: offer }];
}

function marked(mark: string, items: readonly Item[]): readonly Item[] {
  return items.map((item) => ({ ...item, mark, tone: 'quiet' }));
}

function modifierLabel({ code }: Finding): string {
  return /back-?off/.test(code) ? 'backoff' : 'note';
}

/** The container of a finding, when the reader would take it for that of the primary cause. */
function about({ container }: Finding, primary: Finding | undefined): string {
  return container === undefined || container === primary?.container ? '' : `container ${container}: `;
}

function likely({ state }: Pick<Finding, 'state'>): string {
  return state === 'likely' ? ', likely' : '';
}

function likelyAfter({ state }: Pick<Finding, 'state'>): string {
  return state === 'likely' ? ' (likely)' : '';
}
