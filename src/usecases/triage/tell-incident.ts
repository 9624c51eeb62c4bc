import type { IncidentCard, ThreadPlace } from '../../core/chat/content.ts';
import type { CardDelivery } from '../../core/chat/delivery.ts';
import type { Incident, IncidentRecord } from '../../core/triage/incident.ts';
import { incidentCard } from '../../core/triage/incident-card.ts';
import { hasDetails } from '../../core/triage/incident-details.ts';
import { tellAnswers } from './tell-answers.ts';
import type { TellContext, Told } from './tell-context.ts';

/**
 * Puts the parent message of an incident, and once it is posted what belongs into its thread. Everything has a key of its
 * own, so that telling twice is telling once. Throws STORE_UNAVAILABLE.
 */
export async function tellIncident(id: string, context: TellContext): Promise<Told> {
  const { lease, deps } = context;
  const { store, outbox } = deps;
  const record = (await store.records([id])).get(id);
  const posted = await outbox.posted(id);
  if (record === undefined || !hasParent(record.incident, posted)) {
    await store.told(lease, id, record?.revision ?? 0);
    return { put: false, complete: true };
  }
  const { incident, revision } = record;
  const card = incidentCard(record, {
    ...(await mergedThread(incident, context)),
    canSilence: deps.settings().silenceable(incident.cluster),
    at: deps.clock.now().toISOString(),
  });
  const put = (await outbox.put(parentCard(card, revision, context))) === 'stored';
  if (posted === undefined) {
    return { put, complete: false };
  }
  await tellThread(record, { card, posted }, context);
  await store.told(lease, id, revision);
  return { put, complete: true };
}

/** What is shown in a digest, or was over before it was shown, has no message of its own. */
function hasParent({ digest, resolvedBy }: Incident, posted: ThreadPlace | undefined): boolean {
  return posted !== undefined || (digest === undefined && resolvedBy !== 'merged');
}

async function mergedThread(
  { mergedInto }: Incident,
  { deps }: TellContext,
): Promise<{ readonly mergedThread?: ThreadPlace }> {
  const thread = mergedInto === undefined ? undefined : await deps.outbox.posted(mergedInto);
  return thread === undefined ? {} : { mergedThread: thread };
}

function parentCard(card: IncidentCard, version: number, { workspace, deps }: TellContext): CardDelivery {
  const { fallbackChannel } = deps.settings();
  return {
    kind: 'card',
    key: card.incident.id,
    team: workspace.team,
    channel: card.incident.channel,
    ...(fallbackChannel === undefined ? {} : { fallback: fallbackChannel }),
    priority: 'alert',
    version,
    content: { kind: 'incident', incident: card },
  };
}

interface Shown {
  readonly card: IncidentCard;
  readonly posted: ThreadPlace;
}

async function tellThread(
  { incident, revision }: IncidentRecord,
  { card, posted }: Shown,
  context: TellContext,
): Promise<void> {
  const { outbox } = context.deps;
  const { id, mentions, muted, events } = incident;
  const reply = (key: string, version: number, content: CardDelivery['content']): CardDelivery => ({
    kind: 'card',
    key,
    team: context.workspace.team,
    channel: posted.channel,
    thread: posted.ts,
    priority: 'alert',
    version,
    content,
  });
  await tellAnswers(incident, posted, context);
  if (hasDetails(incident)) {
    // A thread whose parent was deleted is told again under the new one.
    await outbox.put(reply(`${id}-d-${posted.ts}`, revision, { kind: 'incident-details', incident: card }));
  }
  if (mentions.length > 0 && muted === undefined) {
    await outbox.put(reply(`${id}-o`, 1, { kind: 'incident-event', text: '', mentions }));
  }
  for (const event of events) {
    await outbox.put(
      reply(`${id}-e-${event.id}-${posted.ts}`, 1, { kind: 'incident-event', text: event.text, mentions: [] }),
    );
  }
}
