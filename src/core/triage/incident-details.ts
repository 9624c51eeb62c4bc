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

/** The objects that nothing could be found out about, with a reason. */
export function unexplained({ roots }: Incident): readonly IncidentRoot[] {
  return roots.filter(({ look, reason }) => look === 'impossible' && reason !== undefined);
}

/** Whether more is known about an incident than its parent message and the answers in its thread say. */
export function hasDetails(incident: Incident): boolean {
  const { causes, roots, rootsBeyond, changes, before, notes } = incident;
  const explains = causes.length > 0 && (causes.length > 1 || roots.length + rootsBeyond > SHOWN_OBJECTS);
  return explains || changes.length + before.length + notes.length + unexplained(incident).length > 0;
}
