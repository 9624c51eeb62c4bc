import { findResourceType, isSubjectKind } from '../subject/kinds.ts';
import { parseSubject, type SubjectArgument } from './subject-argument.ts';

const LONGEST_TEXT = 20_000;
const MOST_FOUND = 5;

/** `pod=web-0`, `pod: web-0`, `"pod": "web-0"`, `*Pod:* web-0`: a label of an alert or a line of a report. */
const LABELLED = new Map<string, RegExp>([
  ['pod', /\b(?:pod|pod_name)["'*_`]{0,3}\s?[=:]["'*_`]{0,3}\s?["'*_`]{0,3}([a-z0-9][a-z0-9.-]{0,252})/gi],
  ['deployment', /\bdeployment["'*_`]{0,3}\s?[=:]["'*_`]{0,3}\s?["'*_`]{0,3}([a-z0-9][a-z0-9.-]{0,252})/gi],
  ['statefulset', /\bstatefulset["'*_`]{0,3}\s?[=:]["'*_`]{0,3}\s?["'*_`]{0,3}([a-z0-9][a-z0-9.-]{0,252})/gi],
  ['daemonset', /\bdaemonset["'*_`]{0,3}\s?[=:]["'*_`]{0,3}\s?["'*_`]{0,3}([a-z0-9][a-z0-9.-]{0,252})/gi],
  ['job', /\bjob_name["'*_`]{0,3}\s?[=:]["'*_`]{0,3}\s?["'*_`]{0,3}([a-z0-9][a-z0-9.-]{0,252})/gi],
]);
const NAMESPACE =
  /(?:\bnamespace["'*_`]{0,3}\s?[=:]["'*_`]{0,3}\s?["'*_`]{0,3}|(?:^|\s)-n[ =])([a-z0-9][a-z0-9-]{0,62})/i;
const NODE = /\bnode["'*_`]{0,3}\s?[=:]["'*_`]{0,3}\s?["'*_`]{0,3}([a-z0-9][a-z0-9.-]{0,252})/gi;
/** `deploy/web`, `shop/web-0`, also within longer words. */
const SLASHED = /(?<![\w./-])([a-z][a-z0-9.-]{0,62})\/([a-z0-9][a-z0-9.-]{0,252})(?![\w/])/gi;
/** The names that controllers make, from the letters of generated names: `web-7d9f8c6b5d-x2x4z`, `proxy-x7k2p` (a digit in it), `db-0`. */
const GENERATED =
  /(?<![\w./-])([a-z0-9][a-z0-9.-]{0,230}-(?:[bcdf-hj-np-tv-xz2-9]{5,10}-[bcdf-hj-np-tv-xz2-9]{5}|(?=[a-z]*\d)[bcdf-hj-np-tv-xz2-9]{5}))(?![\w/-])/g;
const ORDINAL = /(?<![\w./=-])([a-z][a-z0-9-]{1,240}-\d{1,3})(?!\.?[\w/-])/g;

/** Objects that the text of a message speaks of, surest first, each once; at most five. Made for alerts and pasted kubectl output. */
export function findSubjects(message: string): readonly SubjectArgument[] {
  const text = message.slice(0, LONGEST_TEXT);
  const namespace = NAMESPACE.exec(text)?.[1]?.toLowerCase();
  const named = [...labelled(text), ...slashed(text), ...plain(text, GENERATED), ...plain(text, ORDINAL)];
  const places = [...nodes(text), ...named.filter(isPlace)];
  const others = named.filter((subject) => !isPlace(subject));
  const found = others.filter(({ kind, name }) => kind !== undefined || !places.some((place) => place.name === name));
  const seen = new Set<string>();
  return (found.length === 0 ? places : found)
    .map((subject) =>
      subject.namespace === undefined && namespace !== undefined ? { ...subject, namespace } : subject,
    )
    .filter((subject) => {
      const isNew = !seen.has(subject.name);
      seen.add(subject.name);
      return isNew;
    })
    .slice(0, MOST_FOUND);
}

function labelled(text: string): readonly SubjectArgument[] {
  return [...LABELLED].flatMap(([kind, pattern]) =>
    [...text.matchAll(pattern)].flatMap((match) => understood([`${kind}/${trimmed(match[1])}`])),
  );
}

/** A node is meant only where nothing on it is: alerts about pods name their nodes as well. */
function nodes(text: string): readonly SubjectArgument[] {
  return [...text.matchAll(NODE)].flatMap((match) => understood([`node/${trimmed(match[1])}`]));
}

/** A namespace, too, is meant only where nothing in it is. */
function isPlace({ kind }: SubjectArgument): boolean {
  return kind === 'Namespace';
}

function slashed(text: string): readonly SubjectArgument[] {
  return [...text.matchAll(SLASHED)].flatMap(([, left = '', right]) => {
    const name = trimmed(right);
    const type = findResourceType(left);
    if (type !== undefined) {
      return isSubjectKind(type.kind) ? understood([`${left}/${name}`]) : [];
    }
    // `shop/web-0`: only where the name itself looks like one that a controller made.
    return isGenerated(name) ? understood([name], left.toLowerCase()) : [];
  });
}

function plain(text: string, pattern: RegExp): readonly SubjectArgument[] {
  return [...text.matchAll(pattern)].flatMap((match) => understood([trimmed(match[1])]));
}

function isGenerated(name: string): boolean {
  return [GENERATED, ORDINAL].some((pattern) => [...name.matchAll(pattern)].some((match) => match[1] === name));
}

/** A sentence may end behind a name. */
function trimmed(name: string | undefined): string {
  return (name ?? '').toLowerCase().replace(/[.-]+$/, '');
}

function understood(words: readonly string[], namespace?: string): readonly SubjectArgument[] {
  try {
    const subject = parseSubject(words, namespace);
    return subject === undefined ? [] : [subject];
  } catch {
    return [];
  }
}
