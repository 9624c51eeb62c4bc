import type { ChannelLoad, Digest, Incident } from './incident.ts';
import { severityRank } from './incident-fields.ts';
import { byAge } from './triage-state.ts';

/** What makes a storm, and what ends it. */
export interface LoadRules {
  /** RFC 3339. */
  readonly now: string;
  /** More new ones within a minute than this are a storm. */
  readonly incidentsPerMinute: number;
  /** Without a new one for so long it is over. */
  readonly calmMinutes: number;
  readonly newId: () => string;
  readonly cluster: string;
  readonly channel: string;
  /** Open incidents of the channel. */
  readonly open: readonly Incident[];
}

/** How a channel stands after a pass. */
export interface LoadStep {
  readonly load: ChannelLoad;
  /** Those of the new incidents that are shown in the digest. */
  readonly inDigest: ReadonlySet<string>;
  /** Open incidents of the digest that get a message of their own. */
  readonly released: readonly string[];
}

const MINUTE_MS = 60_000;
const MOST_IN_DIGEST = 500;

/**
 * Counts the incidents that were opened in a channel. Too many in a minute are a storm: all new ones are shown in one
 * digest until it has been calm for long enough; then those that are still open get messages of their own, in each minute
 * as many as make no storm, the most severe and oldest first.
 */
export function loadStep(load: ChannelLoad | undefined, opened: readonly Incident[], rules: LoadRules): LoadStep {
  const { channel, incidentsPerMinute, now } = rules;
  const fresh = opened.filter((incident) => isNewHere(incident, rules)).toSorted(byAge);
  const times = [...(load?.openedAt ?? []), ...fresh.map(({ openedAt }) => openedAt)].filter((at) =>
    isLastMinute(at, now),
  );
  // More times than these tell nothing more.
  const next: ChannelLoad = { channel, openedAt: times.slice(-(incidentsPerMinute + 1)) };
  const before = load?.digest;
  if (fresh.length > 0 && (isRecent(before, rules) || times.length > incidentsPerMinute)) {
    const digest = grown(lasting(before, rules) ?? newDigest(rules), fresh, rules);
    return { load: { ...next, digest }, inDigest: new Set(fresh.map(({ id }) => id)), released: [] };
  }
  const step = { load: next, inDigest: new Set<string>(), released: [] };
  return before === undefined ? step : { ...step, ...calmed(next, before, rules) };
}

/** The digest as it was, or at rest with those of its incidents that leave it, and those of earlier ones. */
function calmed(next: ChannelLoad, digest: Digest, rules: LoadRules): Pick<LoadStep, 'load' | 'released'> {
  const { now, open, incidentsPerMinute, channel } = rules;
  const left = open.filter((incident) => incident.digest !== undefined && incident.channel === channel);
  // Where all of it is over, nothing calls for a later look at it.
  if (isStormy(digest, rules) && left.length > 0) {
    return { load: { ...next, digest }, released: [] };
  }
  const { releasedAt } = digest;
  const isTooSoon = releasedAt !== undefined && isLastMinute(releasedAt, now);
  const released = isTooSoon ? [] : left.toSorted(mostSevere).slice(0, incidentsPerMinute);
  const calm: Digest = digest.state === 'calm' ? digest : { ...digest, state: 'calm' };
  return {
    load: { ...next, digest: released.length === 0 ? calm : { ...calm, releasedAt: now } },
    released: released.map(({ id }) => id),
  };
}

/** The most severe first, of the same severity the oldest. */
export function mostSevere(a: Incident, b: Incident): number {
  return severityRank(a.severity) - severityRank(b.severity) || byAge(a, b);
}

/** What was opened again has its message already. */
function isNewHere({ cluster, channel, digest, events }: Incident, rules: LoadRules): boolean {
  return (
    cluster === rules.cluster &&
    channel === rules.channel &&
    digest === undefined &&
    events.every(({ kind }) => kind !== 'reopened')
  );
}

function isLastMinute(at: string, now: string): boolean {
  return Date.parse(now) - Date.parse(at) < MINUTE_MS;
}

function isStormy(digest: Digest | undefined, rules: LoadRules): boolean {
  return digest?.state === 'storm' && isRecent(digest, rules);
}

/** The digest that what is new still belongs to. */
function lasting(digest: Digest | undefined, rules: LoadRules): Digest | undefined {
  return digest?.state === 'storm' || isRecent(digest, rules) ? digest : undefined;
}

/** A storm that was over only just now goes on in the same message. */
function isRecent(digest: Digest | undefined, { now, calmMinutes }: LoadRules): boolean {
  return digest !== undefined && Date.parse(now) - Date.parse(digest.lastNewAt) < calmMinutes * MINUTE_MS;
}

function newDigest({ newId, cluster, channel, now }: LoadRules): Digest {
  return {
    id: newId(),
    cluster,
    channel,
    state: 'storm',
    startedAt: now,
    lastNewAt: now,
    incidents: [],
    beyond: 0,
    revision: 0,
  };
}

function grown(digest: Digest, fresh: readonly Incident[], { now }: LoadRules): Digest {
  const known = new Set(digest.incidents);
  const more = fresh.map(({ id }) => id).filter((id) => !known.has(id));
  const all = [...digest.incidents, ...more];
  return {
    ...digest,
    state: 'storm',
    lastNewAt: now,
    incidents: all.slice(0, MOST_IN_DIGEST),
    beyond: digest.beyond + Math.max(0, all.length - MOST_IN_DIGEST),
  };
}
