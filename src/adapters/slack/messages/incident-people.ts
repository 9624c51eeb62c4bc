import type { Button } from '@slack/types';
import type { IncidentCard } from '../../../core/chat/content.ts';
import { shorten } from '../../../core/facts/text.ts';
import type { IncidentSilence } from '../../../core/triage/incident.ts';
import { detourNote } from './answer-frame.ts';
import { actions, button } from './blocks.ts';
import { INCIDENT_ACTIONS, unsilenceValue } from './incident-actions.ts';
import { alertNames } from './incident-words.ts';
import { code, mention, prose, slackTime } from './mrkdwn.ts';
import type { MessageBlock, RenderOptions } from './rendered-message.ts';

/** Silences that are shown, and as many buttons that end them. */
const MOST_SILENCES = 2;
const MOST_MATCHERS = 5;
const MATCHER = 60;

/** What people may do with an incident; when it is over only its silences can be ended. */
export function incidentActions(id: string, card: IncidentCard): readonly MessageBlock[] {
  const active = activeSilences(card).slice(0, MOST_SILENCES);
  const offered = [
    ...(card.incident.state === 'open' ? openButtons(card, active.length < MOST_SILENCES) : []),
    ...active.flatMap((silence, index) => unsilenceButton(card, silence, { index, of: active.length })),
  ];
  return offered.length === 0 ? [] : [actions(id, offered)];
}

/** What people did, one element of small print each; the last one says where it was meant to be and which incident it is. */
export function peoplePrint(card: IncidentCard, options: RenderOptions): readonly string[] {
  const { incident, people, at } = card;
  const { acknowledged, snoozed } = people;
  const did = [
    acknowledged === undefined
      ? ''
      : `Acknowledged by ${mention(acknowledged.user)} at ${slackTime(acknowledged.at, at)}`,
    snoozed === undefined || !isSnoozed(card)
      ? ''
      : `Snoozed until ${slackTime(snoozed.until, at)} by ${mention(snoozed.user)}`,
  ];
  const rest = [
    incident.muted === undefined ? '' : `Nobody was called: mute window ${prose(shorten(incident.muted, MATCHER))}`,
    options.detour === undefined ? '' : detourNote(options.detour, options.intended),
    `incident ${code(incident.id)}`,
  ];
  return [joined(did), ...silencePrint(card), joined(rest)].filter((element) => element !== '');
}

function openButtons(card: IncidentCard, mayBeSilenced: boolean): readonly Button[] {
  const { incident, people, canSilence } = card;
  const of = alertNames(incident.names);
  const make = (action: keyof typeof INCIDENT_ACTIONS, label: string, spoken: string): Button =>
    button({ action: INCIDENT_ACTIONS[action], label, spoken: `${spoken}: ${of}`, value: incident.id });
  return [
    ...(people.acknowledged === undefined ? [make('ack', 'Acknowledge', 'Acknowledge')] : []),
    isSnoozed(card)
      ? make('unsnooze', 'End snooze', 'End the snooze')
      : make('snooze', 'Snooze 1 h', 'Snooze for one hour'),
    ...(canSilence && mayBeSilenced ? [make('silence', 'Silence…', 'Silence in Alertmanager')] : []),
  ];
}

/** No button for a silence whose id does not look like one. */
function unsilenceButton(
  { incident }: IncidentCard,
  silence: IncidentSilence,
  place: { readonly index: number; readonly of: number },
): readonly Button[] {
  if (!/^[\w.-]{1,44}$/.test(silence.id)) {
    return [];
  }
  const label = place.of === 1 ? 'End silence' : `End silence ${place.index + 1}`;
  return [
    button({
      action: `${INCIDENT_ACTIONS.unsilence}:${place.index}`,
      label,
      spoken: `${label} in Alertmanager`,
      value: unsilenceValue(incident.id, silence.id),
    }),
  ];
}

/** The active ones in the order of their buttons, then the newest that is over. */
function silencePrint(card: IncidentCard): readonly string[] {
  const active = activeSilences(card);
  const over = card.people.silences.filter((silence) => !active.includes(silence));
  const shown = [...active, ...over.toReversed()].slice(0, MOST_SILENCES);
  const more = card.people.silences.length - shown.length;
  return shown.map((silence, index) => {
    const number = active.length > 1 && index < active.length ? ` ${index + 1}` : '';
    const others = more > 0 && index === shown.length - 1 ? ` · +${more} more` : '';
    return `${silenceHead(silence, card, number)}${others}: ${matchersText(silence)}`;
  });
}

function silenceHead(silence: IncidentSilence, card: IncidentCard, number: string): string {
  const until = slackTime(silence.until, card.at);
  const by = mention(silence.user);
  if (silence.undoneBy !== undefined) {
    return `Silence by ${by} was ended by ${mention(silence.undoneBy)}`;
  }
  return isActive(silence, card.at)
    ? `Silence${number} in Alertmanager until ${until} by ${by}`
    : `Silence by ${by} ended ${until}`;
}

function matchersText({ matchers }: IncidentSilence): string {
  const shown = matchers.slice(0, MOST_MATCHERS).map((matcher) => code(shorten(matcher, MATCHER)));
  const more = matchers.length - shown.length;
  return shown.filter((matcher) => matcher !== '').join(' ') + (more > 0 ? ` +${more}` : '');
}

function activeSilences({ people, at }: IncidentCard): readonly IncidentSilence[] {
  return people.silences.filter((silence) => isActive(silence, at));
}

function isActive({ until, undoneBy }: IncidentSilence, at: string): boolean {
  return undoneBy === undefined && Date.parse(until) > Date.parse(at);
}

function isSnoozed({ people, at }: IncidentCard): boolean {
  return people.snoozed !== undefined && Date.parse(people.snoozed.until) > Date.parse(at);
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' · ');
}
