import type { IncidentCard } from '../../../core/chat/content.ts';
import { formatSpan, secondsBetween } from '../../../core/facts/time.ts';
import type { Incident } from '../../../core/triage/incident.ts';
import {
  type IncidentVerdict,
  incidentVerdict,
  lookCounts,
  SHOWN_OBJECTS,
} from '../../../core/triage/incident-details.ts';
import { labelled } from './answer-paragraphs.ts';
import { context, type Field, fieldsSection, section } from './blocks.ts';
import { CAPS, fitBudget } from './fit-budget.ts';
import { incidentActions, peoplePrint } from './incident-people.ts';
import {
  alertNames,
  clusterText,
  counted,
  countText,
  endText,
  firingText,
  objectList,
  pastText,
} from './incident-words.ts';
import { bold, cutMrkdwn, cutPlain, notificationText, plainWords, prose, sentence, slackTime } from './mrkdwn.ts';
import type { IncidentContent, MessageBlock, RenderedMessage, RenderOptions } from './rendered-message.ts';
import { threadLink } from './thread-link.ts';

/** Further causes that the parent names; the thread has all. */
const MOST_CAUSES = 4;
/** Shows most causes whole; what is longer stands below once more. */
const TITLE = 250;
const CAUSE = 300;
const OWNERS = 3;

/** The parent message of an incident: the cause first, then which alerts, since when, what else is affected, who does what. */
export function renderIncident({ incident: card }: IncidentContent, options: RenderOptions): RenderedMessage {
  const { incident } = card;
  const id = (role: string): string => `${incident.id}:v${options.version}:${role}`;
  const text = notificationText(notificationOf(incident));
  if (incident.resolvedBy === 'merged') {
    return fitBudget({ text, blocks: [section(id('title'), mergedLine(card, options))] });
  }
  const verdict = incidentVerdict(incident);
  const blocks = [
    section(id('title'), titleLines(incident, verdict).join('\n')),
    ...paragraph(id('why'), whyLines(incident, verdict)),
    ...fieldsBlock(id('fields'), fieldsOf(card)),
    ...smallPrint(id('about'), aboutPrint(card, options)),
    ...incidentActions(id('actions'), card),
    ...smallPrint(id('people'), peoplePrint(card, options)),
  ];
  return fitBudget({ text, blocks });
}

/** The cause, and on a line of its own which alerts there are; without a cause both are one. */
function titleLines(incident: Incident, verdict: IncidentVerdict): readonly string[] {
  const names = prose(alertNames(incident.names));
  const place = clusterText(incident);
  if (incident.state === 'resolved') {
    return [
      `:white_check_mark: *Resolved:* ${cutMrkdwn(resolvedWhat(incident, verdict), TITLE)}`,
      `~${counted(incident.total, 'alert')}~ ${names} · ${place}`,
    ];
  }
  if (verdict.kind !== 'cause') {
    const title = bold(cutMrkdwn(`${firingText(incident)}: ${names}`, CAPS.title));
    return [`:red_circle: ${title} · ${place} · ${WITHOUT_CAUSE[verdict.kind]}`];
  }
  const more = verdict.others.length;
  const others = more === 0 ? '' : ` and ${counted(more, 'more cause')}, below`;
  return [
    `:red_circle: ${bold(cutMrkdwn(prose(verdict.first.headline), TITLE))}${others}`,
    `${bold(`[${firingText(incident)}] ${names}`)} · ${place}${incident.healthyLooks > 0 ? WELL_BY_NOW : ''}`,
  ];
}

/** The first line still says what was wrong. */
const WELL_BY_NOW = ' · nothing wrong at the last look';

const WITHOUT_CAUSE: Readonly<Record<Exclude<IncidentVerdict['kind'], 'cause'>, string>> = {
  running: 'Triage running…',
  unknown: 'No cause found',
  healthy: 'Nothing wrong was found in the cluster',
  failed: 'Not diagnosed',
};

function resolvedWhat({ total }: Incident, verdict: IncidentVerdict): string {
  switch (verdict.kind) {
    case 'cause':
      return prose(verdict.first.headline);
    case 'healthy':
      return 'nothing wrong was found in the cluster';
    default:
      return `${counted(total, 'alert')}, of which no cause was found`;
  }
}

/** The cause whole where the title cuts it, further causes, how it ended, or what is known without a cause. */
function whyLines(incident: Incident, verdict: IncidentVerdict): readonly string[] {
  const end = incident.state === 'resolved' ? sentence(endText(incident)) : '';
  switch (verdict.kind) {
    case 'cause': {
      const { first, others } = verdict;
      const whole = prose(first.headline).length > TITLE ? labelled('Cause', causeText(first.headline)) : '';
      const shown = others.slice(0, MOST_CAUSES).map(({ headline }) => `• ${prose(causeText(headline))}`);
      const more = others.length - shown.length;
      return [
        end,
        whole,
        shown.length === 0 ? '' : '*More causes*',
        ...shown,
        more > 0 ? `… and ${countText(more)} more in the thread` : '',
      ];
    }
    case 'running':
      return [end];
    case 'unknown':
      return [end, told('No playbook explains what was seen', verdict.text)];
    case 'healthy':
      return incident.state === 'resolved'
        ? [end]
        : [told('The alerts fire, but what they are about looks well', verdict.text)];
    case 'failed':
      return [end, told('What the alerts are about could not be looked at', verdict.text)];
  }
}

function told(what: string, text: string): string {
  const more = causeText(text);
  return prose(more === '' ? sentence(what) : `${what}: ${sentence(more)}`);
}

function causeText(text: string): string {
  return cutPlain(plainWords(text) === '' ? '' : text, CAUSE);
}

function fieldsOf({ incident, at }: IncidentCard): readonly Field[] {
  const { severity, since, changedAt, resolvedAt, owners, state } = incident;
  const until = state === 'resolved' ? (resolvedAt ?? at) : at;
  const lasted = formatSpan(secondsBetween(since, until) ?? 0);
  const named = owners.filter((owner) => plainWords(owner) !== '');
  const more = named.length - OWNERS;
  const people = named.slice(0, OWNERS).map((owner) => prose(cutPlain(owner, CAPS.cell)));
  const when: readonly Field[] =
    state === 'resolved'
      ? [{ label: 'Resolved', value: `${slackTime(until, at)} (after ${lasted})` }]
      : [{ label: 'Last change', value: slackTime(changedAt, at) }];
  return [
    { label: 'Severity', value: prose(cutPlain(severity, CAPS.cell)) },
    { label: 'Since', value: state === 'resolved' ? slackTime(since, at) : `${slackTime(since, at)} (${lasted})` },
    ...when,
    { label: 'Owner', value: [...people, ...(more > 0 ? [`+${more}`] : [])].join(', ') },
  ];
}

/** What is affected, how much of it was looked at, whether it was there before. */
function aboutPrint(card: IncidentCard, { workspaceUrl }: RenderOptions): readonly string[] {
  const { incident } = card;
  const { roots, rootsBeyond, before } = incident;
  const [last] = before;
  const times = before.length >= MOST_BEFORE ? `at least ${MOST_BEFORE} times` : counted(before.length, 'time');
  return [
    roots.length === 0 ? '' : `Affected: ${objectList(roots, SHOWN_OBJECTS, rootsBeyond)}`,
    lookedText(incident),
    last === undefined ? '' : `Seen ${times} before, last ${pastText(last, card, workspaceUrl)}`,
  ];
}

/** The store keeps no more of them with an incident. */
const MOST_BEFORE = 3;

/** Empty when everything was looked at, or nothing yet. */
function lookedText(incident: Incident): string {
  const { total, done, waiting, impossible, alike } = lookCounts(incident);
  const looked = [
    `Looked at ${countText(done)} of ${countText(total)}${waiting > 0 && incident.state === 'open' ? ' so far' : ''}`,
    alike ? 'all alike' : '',
    impossible > 0 ? `${countText(impossible)} cannot be looked at` : '',
  ];
  return done === total || done === 0 ? '' : looked.filter((part) => part !== '').join(', ');
}

/** One line: everything else is in the other thread. */
function mergedLine(card: IncidentCard, { workspaceUrl }: RenderOptions): string {
  const { incident, mergedThread } = card;
  const verdict = incidentVerdict(incident);
  const what = verdict.kind === 'cause' ? prose(verdict.first.headline) : prose(alertNames(incident.names));
  const link = threadLink(mergedThread, 'another incident', workspaceUrl);
  return `:arrow_right: *Became part of* ${link}: ${cutMrkdwn(what, CAPS.title)} · ${clusterText(incident)}`;
}

/** What a notification says. Plain text. */
function notificationOf(incident: Incident): string {
  const verdict = incidentVerdict(incident);
  const names = alertNames(incident.names);
  const cluster = plainWords(incident.cluster);
  const where = cluster === '' ? '' : ` (${cluster})`;
  const cause = verdict.kind === 'cause' ? cutPlain(plainWords(verdict.first.headline), CAPS.title) : '';
  if (incident.state === 'resolved') {
    const word = incident.resolvedBy === 'merged' ? 'Became part of another incident' : 'Resolved';
    return `${word}: ${cause === '' ? names : cause}${where}`;
  }
  const alerts = `${firingText(incident)}: ${names}`;
  return verdict.kind === 'cause'
    ? `${cause}${where} · ${alerts}`
    : `${alerts}${where} · ${WITHOUT_CAUSE[verdict.kind]}`;
}

function paragraph(id: string, lines: readonly string[]): readonly MessageBlock[] {
  const shown = lines.filter((line) => line !== '');
  return shown.length === 0 ? [] : [section(id, shown.join('\n'))];
}

function fieldsBlock(id: string, fields: readonly Field[]): readonly MessageBlock[] {
  return fields.some(({ value }) => value !== '') ? [fieldsSection(id, fields)] : [];
}

function smallPrint(id: string, elements: readonly string[]): readonly MessageBlock[] {
  const shown = elements.filter((element) => element !== '');
  return shown.length === 0 ? [] : [context(id, shown)];
}
