import type { IncidentRecord } from '../../core/triage/incident.ts';

/** What happened longer ago is not told any more: the outbox forgets that it was, and nobody is called twice. */
export const NEWS_MS = 24 * 3_600_000;

/** The key of the message that calls the owner of an incident, in whichever thread: nobody is called twice. */
export function ownerCallKey(incident: string): string {
  return `${incident}-o`;
}

/**
 * Whether the owner of an incident is to be called, if that was not done before: nobody takes care of it yet or put it off,
 * and it is not over. `now` is in milliseconds.
 */
export function isCalling({ incident, people }: IncidentRecord, now: number): boolean {
  const { mentions, muted, state, openedAt } = incident;
  const isFree = people.acknowledged === undefined && people.snoozed === undefined;
  const isWanted = mentions.length > 0 && muted === undefined && isFree;
  return isWanted && state === 'open' && now - Date.parse(openedAt) < NEWS_MS;
}
