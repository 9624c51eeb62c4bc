import type { Alert } from '../../core/triage/alert.ts';
import { storedAlertSchema } from '../../core/triage/incident-schema.ts';
import type { AlertPlace, PendingAlert } from '../../core/triage/stored-alert.ts';
import type { Logger } from '../../ports/logger.ts';
import type { RedisReply } from './redis-connection.ts';
import { listOf, numberOf, textOf } from './redis-reply.ts';
import { parseStored } from './stored-value.ts';

/** Fields in the order fingerprint, body, rev, state, starts, ends, incident, root, was, notes. */
export function pendingAlert(fields: readonly RedisReply[], logger: Logger): PendingAlert | undefined {
  const [id, body, revision, state, starts, ends, ...rest] = fields;
  const log = { logger, what: 'alert', id: textOf(id) ?? '' };
  const stored = parseStored(textOf(body) ?? '', storedAlertSchema, log);
  if (stored === undefined) {
    return undefined;
  }
  const episode = { status: statusOf(state), starts: textOf(starts) ?? '', ends: textOf(ends) ?? '' };
  const notes = listOf(rest[3]).flatMap((note) => textOf(note) ?? []);
  const { mapped } = stored;
  return {
    alert: { ...stored, mapped: { ...mapped, alert: inEpisode(mapped.alert, episode) }, notes },
    revision: numberOf(revision),
    ...placeOf(rest),
  };
}

/** The body may have come with a copy of an earlier state, for the sake of its notes. */
function inEpisode(
  { startsAt: _startsAt, endsAt: _endsAt, ...alert }: Alert,
  { status, starts, ends }: { readonly status: Alert['status']; readonly starts: string; readonly ends: string },
): Alert {
  return {
    ...alert,
    status,
    ...(starts === '' ? {} : { startsAt: starts }),
    ...(ends === '' ? {} : { endsAt: ends }),
  };
}

function placeOf([incident, root, was]: readonly RedisReply[]): { readonly was?: AlertPlace } {
  const id = textOf(incident);
  return id === null ? {} : { was: { incident: id, root: textOf(root) ?? '', status: statusOf(was) } };
}

function statusOf(reply: RedisReply | undefined): Alert['status'] {
  return reply === 'resolved' ? 'resolved' : 'firing';
}
