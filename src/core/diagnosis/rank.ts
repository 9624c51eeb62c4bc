import { STAGES } from '../playbook/vocabulary.ts';
import type { Finding } from './finding.ts';

/** Findings sorted into what is said first, beside it, and not at all. */
export interface Ranking {
  readonly primary?: Finding;
  readonly alternatives: readonly Finding[];
  readonly others: readonly Finding[];
  readonly consequences: readonly Finding[];
  readonly modifiers: readonly Finding[];
  /** Only possible causes; they never become the primary one. */
  readonly possible: readonly Finding[];
}

/**
 * Ranks findings: the earliest stage of the life cycle wins, then certainty, then (among likely ones) fewer checks
 * against it, then the order in which they came (containers in start order). What a finding explains, and fallbacks
 * beside a proper cause, never come first.
 */
export function rankFindings(findings: readonly Finding[]): Ranking {
  const standing = findings.filter((finding) => finding.state !== 'refuted');
  const modifiers = standing.filter((finding) => finding.role === 'modifier');
  const causes = standing.filter((finding) => finding.role !== 'modifier' && finding.state !== 'possible');
  const proper = causes.filter(
    (finding) => finding.role === 'cause' || !causes.some((other) => replaces(other, finding)),
  );
  const roots = proper.filter((finding) => !proper.some((other) => explains(other, finding, proper)));
  const [primary, ...rest] = roots.toSorted(compareFindings);
  const possible = standing.filter((finding) => finding.role !== 'modifier' && finding.state === 'possible');
  if (primary === undefined) {
    return { alternatives: [], others: [], consequences: [], modifiers, possible };
  }
  const alternatives = rest.filter((finding) => isAlternative(primary, finding));
  return {
    primary,
    alternatives,
    others: rest.filter((finding) => !alternatives.includes(finding)),
    consequences: proper.filter((finding) => !roots.includes(finding)),
    modifiers: modifiers.filter((finding) => sameContainer(finding, primary)),
    possible,
  };
}

function compareFindings(a: Finding, b: Finding): number {
  const byStage = STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage);
  return byStage || Number(a.state === 'likely') - Number(b.state === 'likely') || againstIt(a) - againstIt(b);
}

/** How many of its checks speak against a finding that is only likely; decides between alternatives. */
function againstIt({ state, checks }: Finding): number {
  return state === 'likely' ? checks.filter((check) => check.supports === false).length : 0;
}

/** A fallback stands only when nothing else explains the same container. */
function replaces(other: Finding, fallback: Finding): boolean {
  return other.role === 'cause' && sameContainer(other, fallback);
}

/** Whether one finding makes another a consequence, also through others; those that explain each other all stand. */
function explains(by: Finding, finding: Finding, all: readonly Finding[]): boolean {
  return explainedBy(by, all).has(finding) && !explainedBy(finding, all).has(by);
}

function explainedBy(by: Finding, all: readonly Finding[]): ReadonlySet<Finding> {
  const found = new Set<Finding>();
  const open = [by];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const finding of all) {
      if (!found.has(finding) && next.explains.includes(finding.code) && sameContainer(next, finding)) {
        found.add(finding);
        open.push(finding);
      }
    }
  }
  return found;
}

/** Two causes of one trouble that are both only likely: the reader must see both. */
function isAlternative(primary: Finding, finding: Finding): boolean {
  return (
    finding.state === 'likely' &&
    finding.stage === primary.stage &&
    primary.state === 'likely' &&
    sameContainer(primary, finding)
  );
}

function sameContainer(a: Finding, b: Finding): boolean {
  return a.container === undefined || b.container === undefined || a.container === b.container;
}
