import { isFound } from './cause-list.ts';
import type { Incident, IncidentCause, IncidentRoot } from './incident.ts';

/** How many affected objects the parent message of an incident names. */
export const SHOWN_OBJECTS = 5;

/** What is known about why an incident is. */
export type IncidentVerdict =
  | { readonly kind: 'cause'; readonly first: IncidentCause; readonly others: readonly IncidentCause[] }
  /** Something was not looked at yet. */
  | { readonly kind: 'running' }
  /** Something is wrong and no playbook explains it; nothing is wrong; it could not be found out. The text says more and is hostile. */
  | { readonly kind: 'unknown' | 'healthy' | 'failed'; readonly text: string };

/** How many of the objects of an incident were asked about. */
export interface LookCounts {
  readonly total: number;
  readonly done: number;
  readonly waiting: number;
  readonly impossible: number;
  /** Those that were asked about have one cause. */
  readonly alike: boolean;
}

/** The causes that were found, else why there is none. */
export function incidentVerdict({ causes, roots }: Incident): IncidentVerdict {
  const [first, ...others] = causes.filter(isFound);
  if (first !== undefined) {
    return { kind: 'cause', first, others };
  }
  if (roots.some(({ look }) => look === 'waiting')) {
    return { kind: 'running' };
  }
  for (const kind of ['unknown', 'healthy', 'failed'] as const) {
    const cause = causes.find(({ state }) => state === kind);
    if (cause !== undefined) {
      return { kind, text: cause.headline };
    }
  }
  return { kind: 'failed', text: roots.find(({ reason }) => reason !== undefined)?.reason ?? '' };
}

/** Counts what was looked at. */
export function lookCounts({ roots, rootsBeyond }: Incident): LookCounts {
  const count = (look: IncidentRoot['look']): number => roots.filter((root) => root.look === look).length;
  const done = roots.filter(({ look }) => look === 'done');
  const causes = new Set(done.map(({ cause }) => cause));
  return {
    total: roots.length + rootsBeyond,
    done: done.length,
    waiting: count('waiting'),
    impossible: count('impossible'),
    alike: done.length > 1 && causes.size === 1 && !causes.has(undefined),
  };
}

/** The objects that a cause explains, those that were asked about first. */
export function explainedBy({ roots }: Incident, { key }: IncidentCause): readonly IncidentRoot[] {
  const explained = roots.filter(({ cause }) => cause === key);
  return [...explained.filter(({ look }) => look === 'done'), ...explained.filter(({ look }) => look !== 'done')];
}

/** What the answers about objects of a cause say beyond its headline: how it comes to them. Each is a whole first line. */
export function saidApart(incident: Incident, cause: IncidentCause): readonly string[] {
  const { headline } = cause;
  const answering = incident.roots.find(({ key }) => key === cause.root);
  const general = unnamed(headline, answering);
  const apart = new Map<string, string>();
  for (const root of explainedBy(incident, cause)) {
    const own = root.says === undefined ? '' : withoutTitle(root.says, root);
    const words = unnamed(own, root);
    if (root.says !== undefined && !headline.endsWith(own) && !general.endsWith(words) && !apart.has(words)) {
      apart.set(words, root.says);
    }
  }
  return [...apart.values()];
}

function withoutTitle(says: string, { title }: IncidentRoot): string {
  return says.startsWith(title) ? says.slice(says.indexOf(': ', title.length) + 1) : says;
}

/** Two objects with the same trouble say it in the same words except for their names. */
function unnamed(line: string, root: IncidentRoot | undefined): string {
  const name = root?.query?.name ?? '';
  return name === '' ? line : line.replaceAll(name, '');
}

/** The objects that nothing could be found out about, with a reason. */
export function unexplained({ roots }: Incident): readonly IncidentRoot[] {
  return roots.filter(({ look, reason }) => look === 'impossible' && reason !== undefined);
}

/** Whether more is known about an incident than its parent message and the answers in its thread say. */
export function hasDetails(incident: Incident): boolean {
  const { causes, roots, rootsBeyond, changes, before, notes } = incident;
  const many = causes.length > 0 && (causes.length > 1 || roots.length + rootsBeyond > SHOWN_OBJECTS);
  const explains = many || causes.some((cause) => explainedBy(incident, cause).length > 1);
  return explains || changes.length + before.length + notes.length + unexplained(incident).length > 0;
}
