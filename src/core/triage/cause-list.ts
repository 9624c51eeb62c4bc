import type { Incident, IncidentCause, IncidentRoot } from './incident.ts';

const MOST_CAUSES = 20;
const FOUND: readonly IncidentCause['state'][] = ['confirmed', 'likely', 'possible'];

/** The key of what is to blame; several causes may blame the same thing. */
export function blamedBy({ key, blames }: Pick<IncidentCause, 'key' | 'blames'>): string {
  return blames ?? key;
}

/** Whether a cause is one that a playbook found. */
export function isFound({ state }: Pick<IncidentCause, 'state'>): boolean {
  return FOUND.includes(state);
}

/** Whether a cause explains an object as of the newest look at it. */
export function isActive({ key }: IncidentCause, { roots }: Pick<Incident, 'roots'>): boolean {
  return roots.some((root) => root.cause === key);
}

/** The cause that an incident is named after: the first one that was found. */
export function firstCause({ causes }: Pick<Incident, 'causes'>): IncidentCause | undefined {
  return causes.find(isFound);
}

/**
 * The incident with its causes in order and without those that are outdated. What nothing follows from any more stays
 * only while nothing else is known: then it is what was wrong.
 */
export function tidyCauses(incident: Incident): Incident {
  const { causes, roots } = incident;
  const active = causes.filter((cause) => isActive(cause, incident));
  const past = causes.filter((cause) => isFound(cause)).slice(0, 1);
  const well = causes.filter(({ state }) => state === 'healthy').slice(0, 1);
  const kept = active.length > 0 ? active : past.length > 0 ? past : well;
  return {
    ...incident,
    causes: ordered(kept, roots)
      .slice(0, MOST_CAUSES)
      .map((cause) => answering(cause, roots)),
  };
}

/** Another object answers for a cause when the one that did has another cause by now. */
function answering(cause: IncidentCause, roots: readonly IncidentRoot[]): IncidentCause {
  const explained = roots.filter((root) => root.cause === cause.key);
  const [first] = [...explained.filter(({ look }) => look === 'done'), ...explained];
  return first === undefined || isAnsweredFor(cause, roots, explained) ? cause : { ...cause, root: first.key };
}

function isAnsweredFor(
  { root }: IncidentCause,
  roots: readonly IncidentRoot[],
  explained: readonly IncidentRoot[],
): boolean {
  return explained.some(({ key }) => key === root) || !roots.some(({ key }) => key === root);
}

/** What was found before what was not; nothing before what it follows from; then what explains the most. */
function ordered(causes: readonly IncidentCause[], roots: readonly IncidentRoot[]): readonly IncidentCause[] {
  const byKey = new Map(roots.map((root) => [root.key, root]));
  const weights = new Map(causes.map(({ key }) => [key, weightOf(key, roots)]));
  const left = causes.toSorted(
    (a, b) =>
      Number(isFound(b)) - Number(isFound(a)) ||
      (weights.get(b.key) ?? 0) - (weights.get(a.key) ?? 0) ||
      (a.key < b.key ? -1 : Number(a.key > b.key)),
  );
  const sorted: IncidentCause[] = [];
  while (left.length > 0) {
    const index = left.findIndex((cause) => !left.some((other) => followsFrom(cause, other, byKey)));
    sorted.push(...left.splice(Math.max(0, index), 1));
  }
  return sorted;
}

/** It blames an object for which the other one was found, or what the other one stands for. */
function followsFrom(cause: IncidentCause, other: IncidentCause, roots: ReadonlyMap<string, IncidentRoot>): boolean {
  const blamed = blamedBy(cause);
  const why = roots.get(blamed)?.cause ?? blamed;
  return why !== cause.key && why === other.key && isFound(other);
}

function weightOf(key: string, roots: readonly IncidentRoot[]): number {
  const explained = roots.filter(({ cause }) => cause === key);
  return explained.reduce((sum, { firing }) => sum + (firing > 0 ? 1 : 0), 0);
}

/** Joins the answers about one cause: that of the object which is itself broken, else the more certain one, else the first. */
export function joinCauses(first: IncidentCause, second: IncidentCause): IncidentCause {
  const better = directness(second) - directness(first) || certainty(second) - certainty(first);
  return better > 0 ? { ...second, version: Math.max(first.version + 1, second.version) } : first;
}

function directness(cause: IncidentCause): number {
  return cause.root === blamedBy(cause) ? 2 : cause.follows === true ? 0 : 1;
}

function certainty({ state }: IncidentCause): number {
  const index = FOUND.indexOf(state);
  return index < 0 ? -1 : FOUND.length - index;
}
