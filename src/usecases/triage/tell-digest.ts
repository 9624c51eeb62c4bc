import type { ThreadPlace } from '../../core/chat/content.ts';
import type { Digest, Incident } from '../../core/triage/incident.ts';
import { digestCard } from '../../core/triage/incident-card.ts';
import { tellAnswers } from './tell-answers.ts';
import type { TellContext, Told } from './tell-context.ts';

/** Incidents of a digest whose answers are in its thread. */
const MOST_ANSWERED = 5;

/** Puts the parent message of many incidents, and once it is posted the answers of those that matter most into its thread. Throws STORE_UNAVAILABLE. */
export async function tellDigest(id: string, context: TellContext): Promise<Told> {
  const { lease, workspace, deps } = context;
  const { store, outbox } = deps;
  const [digest] = await store.digests([id]);
  if (digest === undefined) {
    await store.told(lease, id, 0);
    return { put: false, complete: true };
  }
  const { incidents, threads } = await shownIn(digest, context);
  const { fallbackChannel } = deps.settings();
  const put = await outbox.put({
    kind: 'card',
    key: id,
    team: workspace.team,
    channel: digest.channel,
    ...(fallbackChannel === undefined ? {} : { fallback: fallbackChannel }),
    priority: 'alert',
    version: digest.revision,
    content: { kind: 'digest', digest: digestCard(digest, incidents, threads, deps.clock.now().toISOString()) },
  });
  const posted = await outbox.posted(id);
  if (posted !== undefined) {
    for (const incident of mostAlerts(incidents, threads)) {
      await tellAnswers(incident, posted, context);
    }
    await store.told(lease, id, digest.revision);
  }
  return { put: put === 'stored', complete: posted !== undefined };
}

interface Shown {
  readonly incidents: ReadonlyMap<string, Incident>;
  readonly threads: ReadonlyMap<string, ThreadPlace>;
}

async function shownIn(digest: Digest, { deps }: TellContext): Promise<Shown> {
  const records = await deps.store.records(digest.incidents);
  const incidents = new Map([...records].map(([id, { incident }]) => [id, incident]));
  const threads = new Map<string, ThreadPlace>();
  for (const { id, mergedInto, digest: within } of incidents.values()) {
    // Only what has left the digest, or joined an incident outside of it, has a thread of its own.
    const thread =
      within === undefined || mergedInto !== undefined ? await deps.outbox.posted(mergedInto ?? id) : undefined;
    if (thread !== undefined) {
      threads.set(id, thread);
    }
  }
  return { incidents, threads };
}

function mostAlerts(
  incidents: ReadonlyMap<string, Incident>,
  threads: ReadonlyMap<string, ThreadPlace>,
): readonly Incident[] {
  return [...incidents.values()]
    .filter(({ id, state, causes }) => state === 'open' && causes.length > 0 && !threads.has(id))
    .toSorted((a, b) => b.total - a.total)
    .slice(0, MOST_ANSWERED);
}
