import type { ThreadPlace } from '../../core/chat/content.ts';
import type { CardDelivery } from '../../core/chat/delivery.ts';
import { oneLine, shorten } from '../../core/facts/text.ts';
import { mostSevere } from '../../core/triage/channel-load.ts';
import type { Digest, Incident, IncidentRecord } from '../../core/triage/incident.ts';
import { digestCard, headlineOf } from '../../core/triage/incident-card.ts';
import { severityRank } from '../../core/triage/incident-fields.ts';
import { parentMessage, threadReply } from './alert-cards.ts';
import { isCalling, ownerCallKey } from './owner-call.ts';
import { tellAnswers } from './tell-answers.ts';
import type { TellContext, Told } from './tell-context.ts';
import { withdraw } from './withdraw.ts';

/** Incidents of a digest whose answers are in its thread. */
const MOST_ANSWERED = 5;
/** More than a digest shows incidents: threads that are there by now make a new version of the same revision. */
const VERSIONS = 1000;

/** Owners that are called in one go. */
const MOST_CALLS = 5;
const LONGEST_HEADLINE = 300;

/**
 * Puts the parent message of many incidents, and once it is posted into its thread the answers of those that matter most,
 * and the calls for owners of those that have no thread of their own. Throws STORE_UNAVAILABLE.
 */
export async function tellDigest(id: string, context: TellContext): Promise<Told> {
  const { lease, deps } = context;
  const { store, outbox } = deps;
  const [digest] = await store.digests([id]);
  if (digest === undefined) {
    return withdraw({ id, revision: 0 }, context);
  }
  const shown = await shownIn(digest, context);
  if (isEmpty(digest, shown) && (await outbox.posted(id)) === undefined) {
    return withdraw(digest, context);
  }
  const isSettled = await outbox.isSettled(id);
  const put = await outbox.put(parentCard(digest, shown, context));
  const posted = await outbox.posted(id);
  if (posted === undefined) {
    return { put: put === 'stored', complete: false };
  }
  for (const incident of mostAlerts(shown)) {
    await tellAnswers(incident, posted, context);
  }
  const calls = await callOwners(shown, posted, context);
  const complete = isComplete(digest, shown) && calls < MOST_CALLS && put === 'outdated' && isSettled;
  if (complete) {
    await store.told(lease, id, digest.revision);
  }
  return { put: put === 'stored', complete };
}

interface Shown {
  readonly records: ReadonlyMap<string, IncidentRecord>;
  readonly incidents: ReadonlyMap<string, Incident>;
  /** Of those that have left the digest. */
  readonly threads: ReadonlyMap<string, ThreadPlace>;
}

async function shownIn(digest: Digest, { deps }: TellContext): Promise<Shown> {
  const records = await deps.store.records(digest.incidents);
  const incidents = new Map([...records].map(([id, { incident }]) => [id, incident]));
  const threads = new Map<string, ThreadPlace>();
  for (const { id } of [...incidents.values()].filter(hasThread)) {
    const thread = await deps.outbox.posted(id);
    if (thread !== undefined) {
      threads.set(id, thread);
    }
  }
  return { records, incidents, threads };
}

/** Each once, here or in the incident's own thread: the key is the same. Answers how many were called just now. */
async function callOwners({ records }: Shown, posted: ThreadPlace, context: TellContext): Promise<number> {
  const { deps } = context;
  const now = deps.clock.now().getTime();
  const calling = [...records.values()].filter(({ incident }) => incident.digest !== undefined);
  let calls = 0;
  for (const { incident } of calling
    .filter((record) => isCalling(record, now))
    .toSorted((a, b) => mostSevere(a.incident, b.incident))) {
    const text = shorten(oneLine(headlineOf(incident).headline), LONGEST_HEADLINE);
    const content = { kind: 'incident-event', text, mentions: incident.mentions } as const;
    const told = { key: ownerCallKey(incident.id), version: 1, content };
    const put = await deps.outbox.put(threadReply(posted, told, context));
    calls += Number(put === 'stored');
    if (calls >= MOST_CALLS) {
      break;
    }
  }
  return calls;
}

/** Everything in it went on outside of it. */
function isEmpty({ beyond }: Digest, { incidents }: Shown): boolean {
  return (
    beyond === 0 &&
    [...incidents.values()].every(({ mergedInto = '' }) => mergedInto !== '' && !incidents.has(mergedInto))
  );
}

function hasThread({ digest, mergedInto }: Incident): boolean {
  return digest === undefined && mergedInto === undefined;
}

function parentCard(digest: Digest, { incidents, threads }: Shown, context: TellContext): CardDelivery {
  const at = context.deps.clock.now().toISOString();
  const content = { kind: 'digest', digest: digestCard(digest, incidents, threads, at) } as const;
  const version = digest.revision * VERSIONS + threads.size;
  return parentMessage(digest.channel, { key: digest.id, version, content }, context);
}

/** What goes on elsewhere is linked once it is posted there. */
function isComplete({ state }: Digest, { incidents, threads }: Shown): boolean {
  const awaited = [...incidents.values()].filter((incident) => incident.state === 'open' && hasThread(incident));
  return state === 'storm' || awaited.every(({ id }) => threads.has(id));
}

function mostAlerts({ incidents, threads }: Shown): readonly Incident[] {
  return [...incidents.values()]
    .filter(({ id, state, causes }) => state === 'open' && causes.length > 0 && !threads.has(id))
    .toSorted((a, b) => severityRank(a.severity) - severityRank(b.severity) || b.total - a.total)
    .slice(0, MOST_ANSWERED);
}
