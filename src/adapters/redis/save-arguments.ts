import { createHash } from 'node:crypto';
import type { ChannelLoad, Incident } from '../../core/triage/incident.ts';
import type { TriageChange } from '../../ports/triage-store.ts';
import type { Argument } from './redis-connection.ts';

/** The lists of a change in the order in which the script takes them, each after its length. */
export function saveArguments(cluster: string, change: TriageChange): readonly Argument[] {
  const digests = change.loads.flatMap(({ digest }) => digest ?? []);
  return [
    ...listed(change.incidents.map(incidentRow)),
    ...listed(change.keys.map(({ key, incident }) => [key, incident])),
    ...listed(
      change.placed.map(({ fingerprint, revision, incident, root, status }) => [
        fingerprint,
        revision,
        incident,
        root,
        status,
      ]),
    ),
    ...listed(digests.map((digest) => [digest.id, JSON.stringify(digest)])),
    ...listed(change.loads.map((load) => [load.channel, loadText(load)])),
    ...listed(change.ended.map(({ signature, past }) => [pastName(cluster, signature), past.id, JSON.stringify(past)])),
  ];
}

/** The name of the list of earlier incidents; signatures may be long and hold anything. */
export function pastName(cluster: string, signature: string): string {
  return `${cluster}:${shortName(signature)}`;
}

/** Stands for a text in a key. */
export function shortName(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function listed(rows: readonly (readonly Argument[])[]): readonly Argument[] {
  return [rows.length, ...rows.flat()];
}

function incidentRow(incident: Incident): readonly Argument[] {
  const { id, state, openedAt, nextLookAt, heardAt, mergedInto } = incident;
  const look = nextLookAt === undefined ? '' : msOf(nextLookAt);
  return [id, JSON.stringify(incident), state, msOf(openedAt), look, msOf(heardAt), mergedInto ?? ''];
}

/** The id of its digest, which is a record of its own, a space, and the rest; empty when there is nothing to remember. */
function loadText({ channel, openedAt, digest }: ChannelLoad): string {
  const nothing = openedAt.length === 0 && digest === undefined;
  return nothing ? '' : `${digest?.id ?? ''} ${JSON.stringify({ channel, openedAt })}`;
}

function msOf(time: string): number {
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? 0 : ms;
}
