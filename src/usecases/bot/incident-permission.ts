import { type IncidentDeed, mayDo } from '../../core/policy/incident-policy.ts';
import type { IncidentRecord } from '../../core/triage/incident.ts';
import type { Act } from '../../ports/bot.ts';
import type { BotDeps } from './bot-deps.ts';
import { groupFacts } from './group-facts.ts';
import { type Setting, settingOf } from './setting.ts';

/** An incident that somebody may do something to. */
export interface CheckedIncident {
  readonly kind: 'ok';
  readonly record: IncidentRecord;
  readonly setting: Setting;
}

/** Why not; for the person alone. */
export interface IncidentRefusal {
  readonly kind: 'refused';
  readonly reason: string;
}

const TOO_OLD = 'This incident is too old: Kubewhy does not keep it any more.';
const ELSEWHERE = 'This incident is not shown in this channel. Press the button where it is.';

/**
 * Whether the incident is known, is shown in the channel of the act, and that person may do that to it.
 * Throws STORE_UNAVAILABLE and, about the person or the channel, CHAT_UNAVAILABLE.
 */
export async function checkIncident(
  act: Act,
  { incident, deed }: { readonly incident: string; readonly deed: IncidentDeed },
  deps: BotDeps,
): Promise<CheckedIncident | IncidentRefusal> {
  const record = await deps.desk.read(incident);
  if (record === undefined) {
    return { kind: 'refused', reason: TOO_OLD };
  }
  const posted = await deps.outbox.posted(incident);
  if (posted?.channel !== act.channel) {
    return { kind: 'refused', reason: ELSEWHERE };
  }
  const setting = await settingOf(act, deps.people);
  const { reading, incidents } = deps.settings();
  const question = { deed, allowed: incidents[deed], ...setting, cluster: record.incident.cluster };
  const first = mayDo(reading, question);
  const decision =
    first.kind === 'look-up' ? mayDo(reading, { ...question, groups: await groupFacts(first.groups, deps) }) : first;
  if (decision.kind === 'allowed') {
    return { kind: 'ok', record, setting };
  }
  const reason = decision.kind === 'refused' ? decision.reason : '';
  deps.logger.warn('an act on an incident was refused', { incident, deed, user: act.user, reason });
  return { kind: 'refused', reason };
}

/** The same for what can be done only while the incident is open. */
export async function checkOpenIncident(
  act: Act,
  asked: { readonly incident: string; readonly deed: IncidentDeed },
  deps: BotDeps,
): Promise<CheckedIncident | IncidentRefusal> {
  const checked = await checkIncident(act, asked, deps);
  const reason = checked.kind === 'ok' ? overProblem(checked.record) : undefined;
  return reason === undefined ? checked : { kind: 'refused', reason };
}

/** Why nothing can be done about an incident any more, or nothing. */
function overProblem({ incident }: IncidentRecord): string | undefined {
  if (incident.state === 'open') {
    return undefined;
  }
  return incident.resolvedBy === 'merged'
    ? 'This incident goes on in another one; its message links to it.'
    : 'This incident is over already.';
}
