import { blankDiagnosis, type Diagnosis } from '../../../src/core/diagnosis/diagnosis.ts';
import type { Finding } from '../../../src/core/diagnosis/finding.ts';
import { isSubjectKind } from '../../../src/core/subject/kinds.ts';
import type { SubjectQuery } from '../../../src/core/subject/subject.ts';
import { applyLooks, type LookResult } from '../../../src/core/triage/apply-looks.ts';
import type { Incident, IncidentRoot } from '../../../src/core/triage/incident.ts';
import { keysOf, mergeIncidents } from '../../../src/core/triage/merge-incidents.ts';
import { endAlerts, placeAlerts, type RootedAlert } from '../../../src/core/triage/place-alerts.ts';
import { planLooks } from '../../../src/core/triage/plan-looks.ts';
import { settleIncidents } from '../../../src/core/triage/settle-incident.ts';
import type { AlertPlace, StoredAlert } from '../../../src/core/triage/stored-alert.ts';
import { emptyState, type TriageState, withIncidents } from '../../../src/core/triage/triage-state.ts';
import { finding } from '../render/diagnoses.ts';
import { alertOf } from './payloads.ts';

const START = Date.parse('2026-11-20T02:00:00.000Z');

/** RFC 3339, so many minutes after the tests begin. */
export function minute(minutes: number): string {
  return new Date(START + minutes * 60_000).toISOString();
}

/** What tests change of an alert with its root object. */
export interface RootedChange {
  readonly name?: string;
  readonly status?: 'firing' | 'resolved';
  readonly severity?: string;
  readonly startsAt?: string;
  readonly was?: AlertPlace;
  readonly revision?: number;
  readonly stands?: readonly string[];
  readonly reason?: string;
  readonly notes?: readonly string[];
  readonly alert?: Partial<StoredAlert>;
}

/** An alert about a root object such as `Deployment shop/web`; with a reason nothing can be asked about it. */
export function rooted(key: string, fingerprint: string, change: RootedChange = {}): RootedAlert {
  const { revision = 1, stands = [], notes = [], reason, was } = change;
  return {
    pending: { alert: storedAlert(fingerprint, change), revision, ...(was && { was }) },
    root: { key, title: key, ...(reason === undefined ? { query: queryOf(key) } : { reason }), notes, stands },
  };
}

function storedAlert(fingerprint: string, change: RootedChange): StoredAlert {
  const { name = 'KubePodNotReady', status = 'firing', severity = 'warning', startsAt = minute(-5) } = change;
  return {
    mapped: {
      alert: alertOf({ alertname: name, severity }, { fingerprint, status, startsAt }),
      target: { kind: 'cluster' },
      first: [],
      several: [],
      information: false,
      trail: [],
    },
    cluster: 'prod',
    channel: 'C1',
    readable: ['*'],
    receivedAt: startsAt,
    notes: [],
    ...change.alert,
  };
}

/** What to ask about a key such as `Deployment shop/web` or `Node worker-1`. */
export function queryOf(key: string): Required<SubjectQuery> {
  const [kind = '', path = ''] = key.split(' ');
  const [namespace, name] = path.includes('/') ? path.split('/') : ['', path];
  if (!isSubjectKind(kind)) {
    throw new Error(`not a subject: ${key}`);
  }
  return { kind, namespace: namespace ?? '', name: name ?? '' };
}

/** Places alerts at that time; ids are counted. */
export function place(
  state: TriageState,
  alerts: readonly RootedAlert[],
  now: string,
  keys: ReadonlyMap<string, string> = new Map(),
): TriageState {
  return placeAlerts(state, alerts, {
    now,
    keys,
    newId: (entry, startsAt) => `i-${entry}-${startsAt}-${now}`,
    reopenWithinMs: 15 * 60_000,
  });
}

/** The state as the next pass loads it. */
export function stored(state: TriageState): TriageState {
  return withIncidents(emptyState(), [...state.incidents.values()]);
}

/** The only incident of a state, or the only open one. */
export function only(state: TriageState): Incident {
  const all = [...state.incidents.values()];
  const [first, second] = all.length === 1 ? all : all.filter((incident) => incident.state === 'open');
  if (first === undefined || second !== undefined) {
    throw new Error(`not one incident but ${all.length}`);
  }
  return first;
}

/** One root object of an incident. */
export function rootIn(incident: Incident, key: string): IncidentRoot {
  const root = incident.roots.find((one) => one.key === key);
  if (root === undefined) {
    throw new Error(`no root object ${key}`);
  }
  return root;
}

/** A diagnosis of a root object that names a cause. */
export function broken(key: string, change: Partial<Finding> = {}): Diagnosis {
  return { ...diagnosisOf(key), verdict: 'cause', primary: finding(change) };
}

/** A diagnosis of a root object with that verdict and no cause. */
export function verdict(key: string, says: Diagnosis['verdict']): Diagnosis {
  return { ...diagnosisOf(key), verdict: says };
}

function diagnosisOf(key: string): Diagnosis {
  return blankDiagnosis({ ...queryOf(key), uid: 'u-1' }, minute(0), 'exists');
}

/** What is wrong in a cluster: a diagnosis for the key of each root object, or the code of a failure. */
export type World = (root: string) => Diagnosis | { readonly code: 'SUBJECT_NOT_FOUND' | 'CLUSTER_UNREACHABLE' };

/** What a world answers to looks. */
export function answers(looks: ReturnType<typeof planLooks>, world: World): readonly LookResult[] {
  return looks.map((look) => {
    const says = world(look.root);
    return {
      look,
      result:
        'code' in says
          ? { kind: 'failed', code: says.code, message: `cannot look at ${look.root}` }
          : { kind: 'diagnosis', diagnosis: says },
    };
  });
}

/** What comes into one pass. */
export interface PassInput {
  readonly now: string;
  readonly fresh?: readonly RootedAlert[];
  readonly ended?: readonly RootedAlert[];
  readonly world: World;
  readonly most?: number;
}

/** A whole pass as the use case does it, with everything in hand. */
export function pass(before: TriageState, { now, fresh = [], ended = [], world, most = 24 }: PassInput): TriageState {
  const loaded = stored(before);
  const due = [...loaded.incidents.values()]
    .filter(({ nextLookAt }) => nextLookAt !== undefined && nextLookAt <= now)
    .map(({ id }) => id);
  const given = endAlerts(
    loaded,
    ended.map(({ pending }) => pending),
    now,
  );
  const placed = place(given, fresh, now, keyIndex(given));
  const looked = applyLooks(placed, answers(planLooks(placed, { due, most, samples: 3 }), world), { now, most });
  const state = mergeIncidents(looked, keyIndex(loaded), now);
  return settleIncidents(state, { now, forgetAfterMs: 4 * 3_600_000, askable: true });
}

function keyIndex({ incidents }: TriageState): ReadonlyMap<string, string> {
  const open = [...incidents.values()].filter(({ state }) => state === 'open');
  return new Map(open.flatMap((incident) => keysOf(incident).map((key) => [key, incident.id] as const)));
}

/** Passes a second apart until nothing waits any more; answers also how many looks there were. */
export function settleDown(
  before: TriageState,
  input: PassInput,
): { readonly state: TriageState; readonly looks: number; readonly passes: number } {
  let looks = 0;
  const world: World = (root) => {
    looks += 1;
    return input.world(root);
  };
  let state = pass(before, { ...input, world });
  let passes = 1;
  for (; passes < 200 && isWaiting(state); passes += 1) {
    const now = new Date(Date.parse(input.now) + passes * 1000).toISOString();
    state = pass(state, { now, world, ...(input.most === undefined ? {} : { most: input.most }) });
  }
  return { state, looks, passes };
}

function isWaiting({ incidents }: TriageState): boolean {
  return [...incidents.values()].some(
    ({ state, roots }) => state === 'open' && roots.some(({ look }) => look === 'waiting'),
  );
}
