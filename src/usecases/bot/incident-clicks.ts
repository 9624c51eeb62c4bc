import type { IncidentRecord } from '../../core/triage/incident.ts';
import type { Act, ClickReply } from '../../ports/bot.ts';
import type { BotDeps } from './bot-deps.ts';
import { isFirstClick } from './first-click.ts';
import { type CheckedIncident, checkIncident, checkOpenIncident } from './incident-permission.ts';
import { nameOf } from './person-name.ts';

const SNOOZE_MS = 3_600_000;

/** The button "Ack": somebody takes care of it. */
export async function acknowledge(act: Act, incident: string, deps: BotDeps): Promise<ClickReply> {
  const checked = await checkClick(act, incident, checkOpenIncident, deps);
  if (checked.kind !== 'ok') {
    return checked;
  }
  if (await deps.desk.acknowledge(incident, act.user)) {
    deps.logger.info('an incident was acknowledged', { incident, user: act.user });
    return { kind: 'done' };
  }
  const known = await deps.desk.read(incident);
  return { kind: 'done', say: await acknowledgedWords(known, act, deps) };
}

/** The button "Snooze 1 h": for an hour nobody is called. */
export async function snooze(act: Act, incident: string, deps: BotDeps): Promise<ClickReply> {
  const checked = await checkClick(act, incident, checkOpenIncident, deps);
  if (checked.kind !== 'ok') {
    return checked;
  }
  await deps.desk.snooze(incident, act.user, SNOOZE_MS);
  deps.logger.info('an incident was snoozed', { incident, user: act.user });
  return { kind: 'done' };
}

/** The button that ends a snooze; of an incident that is over as well. */
export async function endSnooze(act: Act, incident: string, deps: BotDeps): Promise<ClickReply> {
  const checked = await checkClick(act, incident, checkIncident, deps);
  if (checked.kind !== 'ok') {
    return checked;
  }
  await deps.desk.snooze(incident, act.user, 0);
  deps.logger.info('the snooze of an incident was ended', { incident, user: act.user });
  return { kind: 'done' };
}

async function checkClick(
  act: Act,
  incident: string,
  check: typeof checkIncident,
  deps: BotDeps,
): Promise<CheckedIncident | Exclude<ClickReply, { kind: 'done' }>> {
  return (await isFirstClick(act, deps)) ? check(act, { incident, deed: 'acknowledge' }, deps) : { kind: 'duplicate' };
}

async function acknowledgedWords(record: IncidentRecord | undefined, act: Act, deps: BotDeps): Promise<string> {
  const by = record?.people.acknowledged?.user;
  if (by === undefined) {
    return 'Already acknowledged.';
  }
  return `Already acknowledged by ${by === act.user ? 'you' : `@${await nameOf(by, deps)}`}.`;
}
