import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import type { ErrorCode } from '../errors/catalogue.ts';
import { applyVerdict } from './apply-verdict.ts';
import { causeEvent } from './cause-event.ts';
import { isFound, tidyCauses } from './cause-list.ts';
import type { Incident, IncidentEvent } from './incident.ts';
import { addEvent, countOf } from './incident-fields.ts';
import { isWell } from './incident-roots.ts';
import { type LookVerdict, verdictOfDiagnosis, verdictOfFailure } from './look-verdict.ts';
import { shareNodeCauses } from './node-causes.ts';
import type { Look } from './plan-looks.ts';
import { countWaiting, leaveOut } from './sample-roots.ts';
import { type Draft, draftOf, followMerged, isFresh, putIncident, stateOf, type TriageState } from './triage-state.ts';

/** What came of a look. */
export interface LookResult {
  readonly look: Look;
  readonly result:
    | { readonly kind: 'diagnosis'; readonly diagnosis: Diagnosis }
    | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string };
}

/** Looks that find nothing wrong count as several only when so much lies between them. */
const WELL_APART_MINUTES = 5;
const MINUTE_MS = 60_000;

/** How results are taken in. */
export interface JudgeRules {
  /** RFC 3339. */
  readonly now: string;
  /** Looks of one pass: where no more objects waited for it, none of them is left out. */
  readonly most: number;
  /** How long a minute between two looks is; tests shorten it. */
  readonly minuteMs?: number;
}

/**
 * Takes in what was found. To be called in every pass, also without results: it decides as well which of the waiting
 * objects need not be looked at.
 */
export function applyLooks(state: TriageState, results: readonly LookResult[], rules: JudgeRules): TriageState {
  const { now, most, minuteMs = MINUTE_MS } = rules;
  const draft = draftOf(state);
  const looked = applyResults(draft, results, now);
  shareNodeCauses(draft);
  if (countWaiting(state) > most) {
    leaveOut(draft);
  }
  // Nodes that were left out have the same trouble by now.
  shareNodeCauses(draft);
  for (const [id, incident] of draft.incidents) {
    const before = state.incidents.get(id);
    const look = looked.get(id);
    if (before !== undefined && (look !== undefined || before !== incident)) {
      const judging = { now, minuteMs, isNew: isFresh(draft, before), ...(look && { look }) };
      putIncident(draft, judged(before, incident, judging));
    }
  }
  return stateOf(draft);
}

interface Looked {
  readonly failed: boolean;
}

/** Answers which incidents were looked at. */
function applyResults(draft: Draft, results: readonly LookResult[], now: string): ReadonlyMap<string, Looked> {
  const looked = new Map<string, Looked>();
  for (const one of results) {
    const id = followMerged(draft.incidents, one.look.incident)?.id ?? '';
    const failed = applyResult(draft, one, now);
    looked.set(id, { failed: failed || looked.get(id)?.failed === true });
  }
  return looked;
}

/** Answers whether the look failed. */
function applyResult(draft: Draft, { look, result }: LookResult, now: string): boolean {
  const incident = followMerged(draft.incidents, look.incident);
  const root = incident?.roots.find(({ key }) => key === look.root);
  if (incident === undefined || root === undefined) {
    return false;
  }
  const verdict: LookVerdict =
    result.kind === 'diagnosis'
      ? verdictOfDiagnosis(root, result.diagnosis)
      : verdictOfFailure(root, result.code, result.message);
  putIncident(draft, applyVerdict(incident, root, verdict, now));
  return verdict.kind === 'failed';
}

interface Judging {
  readonly now: string;
  readonly minuteMs: number;
  readonly isNew: boolean;
  /** Absent: it was not looked at. */
  readonly look?: Looked;
}

function judged(before: Incident, after: Incident, judging: Judging): Incident {
  const { now, look } = judging;
  const tidy = tidyCauses(after);
  const isNews = visible(before) !== visible(tidy);
  const { nextLookAt: _, ...rest } = tidy;
  const next: Incident = {
    ...(look === undefined ? tidy : rest),
    changedAt: isNews ? now : before.changedAt,
    looks: isNews ? 1 : before.looks + Number(look !== undefined),
    healthyLooks: look === undefined ? before.healthyLooks : wellLooks(before, tidy, { ...judging, look }),
    ...(isExplained(tidy) ? { explained: true as const } : {}),
  };
  const event = judging.isNew ? undefined : (causeEvent(before, next, now) ?? recovery(before, next, now));
  return event === undefined ? next : { ...next, events: addEvent(next.events, event) };
}

/** What was wrong before may stay as a cause although no look says so any more. */
function isExplained({ causes, roots }: Incident): boolean {
  const found = new Set(causes.filter(isFound).map(({ key }) => key));
  return roots.some(({ look, cause }) => look === 'done' && cause !== undefined && found.has(cause));
}

/** What people see of it; when an answer was there is no news. */
function visible({ causes, roots }: Incident): string {
  return JSON.stringify([causes.map((cause) => ({ ...cause, at: '' })), roots.map((root) => ({ ...root, says: '' }))]);
}

function wellLooks(before: Incident, after: Incident, { now, minuteMs, look }: Required<Judging>): number {
  if (look.failed || !isWell(after)) {
    return 0;
  }
  const isApart = Date.parse(now) - Date.parse(before.changedAt) >= WELL_APART_MINUTES * minuteMs;
  return before.healthyLooks === 0 ? 1 : before.healthyLooks + Number(isApart);
}

/** Told once until something else is. */
function recovery(before: Incident, after: Incident, now: string): Omit<IncidentEvent, 'id'> | undefined {
  const isNews = before.healthyLooks === 0 && after.healthyLooks > 0 && after.explained === true;
  return isNews && after.events.at(-1)?.kind !== 'note'
    ? {
        at: now,
        kind: 'note',
        text: `Nothing is found to be wrong any more, although ${countOf(after.firing, 'alert')} still ${after.firing === 1 ? 'fires' : 'fire'}; when the next look says the same, this is over.`,
      }
    : undefined;
}
