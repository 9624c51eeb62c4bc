import type { Content, IncidentCard, ThreadPlace } from '../../core/chat/content.ts';
import type { CardDelivery } from '../../core/chat/delivery.ts';
import type { Incident, IncidentEvent, IncidentRecord } from '../../core/triage/incident.ts';
import { incidentCard } from '../../core/triage/incident-card.ts';
import { hasDetails } from '../../core/triage/incident-details.ts';
import { parentMessage, threadReply } from './alert-cards.ts';
import { isCalling, NEWS_MS, ownerCallKey } from './owner-call.ts';
import { tellAnswers } from './tell-answers.ts';
import type { TellContext, Told } from './tell-context.ts';
import { withdraw } from './withdraw.ts';

/**
 * Puts the parent message of an incident, and once it is posted what belongs into its thread; while people snooze it, only
 * the message is edited. Everything has a key of its own, so that telling twice is telling once. Throws STORE_UNAVAILABLE.
 */
export async function tellIncident(id: string, context: TellContext): Promise<Told> {
  const { lease, deps } = context;
  const { store, outbox } = deps;
  const record = (await store.records([id])).get(id);
  const isSettled = await outbox.isSettled(id);
  const posted = await outbox.posted(id);
  if (record === undefined || !hasParent(record.incident, posted)) {
    return withdraw({ id, revision: record?.revision ?? 0 }, context);
  }
  const { incident, revision } = record;
  const card = incidentCard(record, {
    ...(await mergedThread(incident, context)),
    canSilence: deps.settings().silenceable(incident.cluster),
    at: deps.clock.now().toISOString(),
  });
  const told = { key: id, version: revision, content: { kind: 'incident', incident: card } } as const;
  const put = (await outbox.put(parentMessage(incident.channel, told, context))) === 'stored';
  if (posted === undefined) {
    return { put, complete: false };
  }
  await tellThread(record, { card, posted }, context);
  if (put || !isSettled) {
    // Sending it may show that it was deleted, or that its channel is archived; the thread is told again where it is then.
    return { put, complete: false };
  }
  await store.told(lease, id, revision);
  return { put, complete: true };
}

/** What is shown in a digest, or joined another before it was shown, has no message of its own. */
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

interface Shown {
  readonly card: IncidentCard;
  readonly posted: ThreadPlace;
}

async function tellThread(record: IncidentRecord, { card, posted }: Shown, context: TellContext): Promise<void> {
  const { incident, people, revision } = record;
  const { outbox, clock } = context.deps;
  const { id, mentions } = incident;
  if (people.snoozed !== undefined) {
    return;
  }
  const reply = (key: string, version: number, content: Content): CardDelivery =>
    threadReply(posted, { key, version, content }, context);
  await tellAnswers(incident, posted, context);
  // A thread whose parent was deleted is told again under the new one.
  const details = `${id}-d-${posted.ts}`;
  if (hasDetails(incident) || (await isPut(details, context))) {
    await outbox.put(reply(details, revision, { kind: 'incident-details', incident: card }));
  }
  const now = clock.now().getTime();
  if (isCalling(record, now)) {
    await outbox.put(reply(ownerCallKey(id), 1, { kind: 'incident-event', text: '', mentions }));
  }
  for (const event of newsOf(incident, now)) {
    await outbox.put(
      reply(`${id}-e-${event.id}-${posted.ts}`, 1, { kind: 'incident-event', text: event.text, mentions: [] }),
    );
  }
}

/** What was told once must not stay when it does not hold any more. */
async function isPut(key: string, { deps }: TellContext): Promise<boolean> {
  const { outbox } = deps;
  return !(await outbox.isSettled(key)) || (await outbox.posted(key)) !== undefined;
}

function newsOf({ events }: Incident, now: number): readonly IncidentEvent[] {
  return events.filter(({ at }) => now - Date.parse(at) < NEWS_MS);
}
