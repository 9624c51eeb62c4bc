import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { Finding } from '../diagnosis/finding.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import { oneLine, shorten } from '../facts/text.ts';
import { summaryLine } from '../render/headline.ts';
import { subjectTitle } from '../subject/subject.ts';
import type { IncidentCause, IncidentRoot } from './incident.ts';
import { keyOfBlamed } from './root-key.ts';

const LONGEST_HEADLINE = 500;
const LONGEST_TITLE = 120;
const LONGEST_REASON = 300;

/** What a look at a root object says. */
export type LookVerdict =
  /** Something is wrong, or whether it is cannot be told. */
  | { readonly kind: 'cause'; readonly cause: Omit<IncidentCause, 'at' | 'version'> }
  | { readonly kind: 'well'; readonly headline: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** What a diagnosis of a root object says about its incident. */
export function verdictOfDiagnosis(root: Pick<IncidentRoot, 'key'>, diagnosis: Diagnosis): LookVerdict {
  const title = subjectTitle(diagnosis.subject);
  switch (diagnosis.verdict) {
    case 'cause':
      return diagnosis.primary === undefined
        ? undecided(root, `${title}: cannot tell what is wrong with it`)
        : { kind: 'cause', cause: causeOf(root, diagnosis.primary, summaryLine(diagnosis)) };
    case 'unknown':
      return undecided(root, summaryLine(diagnosis));
    case 'healthy':
    case 'finished':
      return { kind: 'well', headline: headlineOf(summaryLine(diagnosis)) };
    // Their usual headlines have times in them, which would look like news every time.
    case 'starting':
      return undecided(root, `${title} is still starting`);
    case 'stopping':
      return undecided(root, `${title} is being deleted`);
  }
}

/** What it means for an incident that a root object could not be diagnosed. */
export function verdictOfFailure(root: Pick<IncidentRoot, 'title'>, code: ErrorCode, message: string): LookVerdict {
  return code === 'SUBJECT_NOT_FOUND'
    ? { kind: 'well', headline: headlineOf(`${root.title} is gone`) }
    : { kind: 'failed', reason: shorten(oneLine(message), LONGEST_REASON) };
}

function causeOf({ key }: Pick<IncidentRoot, 'key'>, primary: Finding, headline: string) {
  const { root, code, title, state } = primary;
  return {
    ...blameOf(key, primary),
    code,
    title: shorten(oneLine(title), LONGEST_TITLE),
    headline: headlineOf(headline),
    state,
    root: key,
    ...(root === undefined ? {} : { follows: true as const }),
  };
}

/** Different troubles with one thing are different causes; what follows another object's cause has that. */
function blameOf(key: string, { root, code, blames = '' }: Finding): Pick<IncidentCause, 'key' | 'blames'> {
  const blamed = keyOfBlamed(blames);
  if (root === undefined) {
    return withCode(key, blamed, code);
  }
  const other = keyOfBlamed(root.subject);
  const behind = keyOfBlamed(root.finding.blames ?? '');
  return behind === '' || behind === other
    ? { key: behind || blamed || other || key }
    : withCode(key, behind, root.finding.code);
}

function withCode(key: string, blames: string, code: string): Pick<IncidentCause, 'key' | 'blames'> {
  return blames === '' || blames === key ? { key } : { key: `${blames} ${code}`, blames };
}

function undecided({ key }: Pick<IncidentRoot, 'key'>, headline: string): LookVerdict {
  return { kind: 'cause', cause: { key, code: '', headline: headlineOf(headline), state: 'unknown', root: key } };
}

function headlineOf(text: string): string {
  return shorten(oneLine(text), LONGEST_HEADLINE);
}
