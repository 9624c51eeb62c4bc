import { INCIDENT_ACTIONS } from '../messages/incident-actions.ts';
import type { ListenerDeps } from './listener-deps.ts';
import type { Origin } from './origin.ts';
import { openSilence } from './silence.ts';
import { tellClickReply } from './tell.ts';

/** A click on a button of an incident, with what its button carried. */
export type IncidentHandle = (deps: ListenerDeps, click: { readonly origin: Origin }) => Promise<void>;

const INCIDENT_ID = /^i-[a-z0-9]{16}$/;
const SILENCE_OF_INCIDENT = /^(i-[a-z0-9]{16}):([\w-]{1,64})$/;

/** What to do for a button of an incident; undefined for any other one, and for a value that no button has. */
export function incidentHandler(action: string, value: string): IncidentHandle | undefined {
  if (action === INCIDENT_ACTIONS.unsilence || action.startsWith(`${INCIDENT_ACTIONS.unsilence}:`)) {
    const [, incident, silence] = SILENCE_OF_INCIDENT.exec(value) ?? [];
    return incident === undefined || silence === undefined
      ? undefined
      : async (deps, { origin }) => {
          await tellClickReply(deps, origin, await deps.bot.endSilence(origin.act, incident, silence));
        };
  }
  return INCIDENT_ID.test(value) ? HANDLERS.get(action)?.(value) : undefined;
}

const HANDLERS: ReadonlyMap<string, (incident: string) => IncidentHandle> = new Map([
  [INCIDENT_ACTIONS.ack, clickHandler('acknowledge')],
  [INCIDENT_ACTIONS.snooze, clickHandler('snooze')],
  [INCIDENT_ACTIONS.unsnooze, clickHandler('endSnooze')],
  [
    INCIDENT_ACTIONS.silence,
    (incident): IncidentHandle =>
      (deps, { origin }) =>
        openSilence(deps, origin, incident),
  ],
]);

function clickHandler(deed: 'acknowledge' | 'snooze' | 'endSnooze'): (incident: string) => IncidentHandle {
  return (incident) =>
    async (deps, { origin }) => {
      await tellClickReply(deps, origin, await deps.bot[deed](origin.act, incident));
    };
}
