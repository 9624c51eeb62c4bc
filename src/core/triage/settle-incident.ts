import { firstCause } from './cause-list.ts';
import type { Incident, PastIncident } from './incident.ts';
import { addEvent, countOf, earlier } from './incident-fields.ts';
import { alertWords } from './join-alert.ts';
import { type Draft, draftOf, openIncidents, putIncident, stateOf, type TriageState } from './triage-state.ts';

/** What ends an incident. */
export interface SettleRules {
  /** RFC 3339. */
  readonly now: string;
  /** What was not heard of for so long, and cannot be asked about, is over. */
  readonly forgetAfterMs: number;
  /** Whether the cluster can be asked. */
  readonly askable: boolean;
  /** How long a minute between two looks is; tests shorten it. */
  readonly minuteMs?: number;
}

const MINUTE_MS = 60_000;
/** How long after each look at an incident the next one is. */
const LOOK_AFTER_MINUTES = [1, 2, 5, 10, 15, 30] as const;
const LONGEST_MINUTES = 30;
/** Between two looks that find nothing wrong. */
const WELL_AFTER_MINUTES = 5;
/** What was left out on purpose is looked at late. */
const LEFT_OUT_AFTER_MINUTES = 10;
const WELL_LOOKS = 2;
const HOUR_MS = 3_600_000;

/** Ends what is over, and says of everything else when it is looked at again. */
export function settleIncidents(state: TriageState, rules: SettleRules): TriageState {
  const draft = draftOf(state);
  for (const incident of openIncidents(state)) {
    settle(draft, incident, rules);
  }
  return stateOf(draft);
}

function settle(draft: Draft, incident: Incident, rules: SettleRules): void {
  const end = endOf(incident, rules);
  if (end !== undefined) {
    putIncident(draft, resolved(incident, end, rules.now));
    return;
  }
  const nextLookAt = nextLook(incident, rules);
  if (nextLookAt !== incident.nextLookAt) {
    putIncident(draft, { ...incident, nextLookAt });
  }
}

interface End {
  readonly by: 'alerts' | 'cluster' | 'silence';
  readonly text: string;
}

function endOf(incident: Incident, { now, forgetAfterMs, askable }: SettleRules): End | undefined {
  const { firing, total, healthyLooks, heardAt, explained } = incident;
  if (firing === 0) {
    return { by: 'alerts', text: total === 1 ? 'The alert is resolved.' : `All ${total} alerts are resolved.` };
  }
  // Where nothing wrong was ever found, the alerts know more than the cluster.
  if (healthyLooks >= WELL_LOOKS && explained === true) {
    const still = `${countOf(firing, 'alert')} still ${firing === 1 ? 'fires' : 'fire'}`;
    return { by: 'cluster', text: `Nothing is wrong there any more, as two looks at the cluster say; ${still}.` };
  }
  const silentMs = Date.parse(now) - Date.parse(heardAt);
  return silentMs > forgetAfterMs && !(askable && canTell(incident)) ? silence(incident, silentMs) : undefined;
}

/** Whether the cluster shows that something is still wrong, or may show it. */
function canTell({ healthyLooks, roots }: Incident): boolean {
  const isAsked = roots.some(({ look, query }) => query !== undefined && look !== 'impossible');
  return isAsked && healthyLooks < WELL_LOOKS;
}

function silence({ healthyLooks }: Incident, silentMs: number): End {
  const isWell = healthyLooks >= WELL_LOOKS;
  const hours = Math.max(1, Math.floor(silentMs / HOUR_MS));
  return {
    by: 'silence',
    text: `Nothing was heard of it for ${countOf(hours, 'hour')}, and ${isWell ? 'nothing is found to be wrong' : 'the cluster cannot tell'}: it is taken as over.`,
  };
}

function resolved(incident: Incident, { by, text }: End, now: string): Incident {
  const { nextLookAt: _, ...rest } = incident;
  return {
    ...rest,
    state: 'resolved',
    resolvedAt: now,
    resolvedBy: by,
    changedAt: now,
    events: addEvent(incident.events, { at: now, kind: 'resolved', text }),
  };
}

/** Later with every look; something new brings it forward, and what was due and not looked at is put off. */
function nextLook(incident: Incident, { now, minuteMs = MINUTE_MS }: SettleRules): string {
  const planned = incident.nextLookAt;
  const isDue = planned !== undefined && Date.parse(planned) <= Date.parse(now);
  const wanted = new Date(Date.parse(now) + minutesOf(incident) * minuteMs).toISOString();
  if (planned === undefined || isDue) {
    return wanted;
  }
  return incident.looks === 0 ? earlier(planned, wanted) : planned;
}

function minutesOf({ looks, healthyLooks, roots }: Incident): number {
  // Where nothing wrong was ever found, more such looks tell nothing.
  if (healthyLooks > 0 && healthyLooks < WELL_LOOKS) {
    return WELL_AFTER_MINUTES;
  }
  const step = LOOK_AFTER_MINUTES[Math.max(0, looks - 1)] ?? LONGEST_MINUTES;
  const isLeftOut = roots.every(({ look, cause }) => look === 'left-out' && cause === undefined);
  return isLeftOut ? Math.max(step, LEFT_OUT_AFTER_MINUTES) : step;
}

/** What an incident is recognised by when it comes again: its trouble and the object; undefined when no cause is known. */
export function signatureOf(incident: Incident): string | undefined {
  const cause = firstCause(incident);
  return cause === undefined ? undefined : `${cause.code} ${cause.root}`;
}

/** How an incident went, for when it comes again. */
export function pastOf(incident: Incident, thread?: PastIncident['thread']): PastIncident {
  const { id, openedAt, resolvedAt, changedAt, resolvedBy, names } = incident;
  return {
    id,
    openedAt,
    resolvedAt: resolvedAt ?? changedAt,
    resolvedBy: resolvedBy ?? 'alerts',
    headline: firstCause(incident)?.headline ?? alertWords(names),
    ...(thread === undefined ? {} : { thread }),
  };
}
