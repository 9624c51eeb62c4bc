import type { IncidentCard } from '../../../core/chat/content.ts';
import type { ClusterChange, Incident, IncidentCause } from '../../../core/triage/incident.ts';
import { explainedBy, saidApart, unexplained } from '../../../core/triage/incident-details.ts';
import { context, section } from './blocks.ts';
import { fitBudget } from './fit-budget.ts';
import { alertNames, clusterText, counted, countText, objectList, pastText } from './incident-words.ts';
import { bold, code, cutPlain, notificationText, plainWords, prose, slackTime } from './mrkdwn.ts';
import type { IncidentDetailsContent, MessageBlock, RenderedMessage, RenderOptions } from './rendered-message.ts';

const MOST_OBJECTS = 15;
/** Objects of all causes together, but at least three of each. */
const OBJECTS_IN_ALL = 45;
const LEAST_OBJECTS = 3;
const HEADLINE = 200;
const LINE = 220;
const MOST_CAUSES = 12;
/** Lines of one cause that say how it comes to other objects. */
const MOST_APART = 3;
const MOST_CHANGES = 8;
const MOST_UNEXPLAINED = 5;
const MOST_NOTES = 5;

/** What is known about an incident beside its causes' answers: what each explains, what changed before, earlier ones, what is missing. */
export function renderIncidentDetails(
  { incident: card }: IncidentDetailsContent,
  options: RenderOptions,
): RenderedMessage {
  const { incident } = card;
  const id = (role: string): string => `${incident.id}:v${options.version}:${role}`;
  const blocks = [
    section(
      id('title'),
      `:mag: ${bold('What else is known')} · ${prose(alertNames(incident.names))} · ${clusterText(incident)}`,
    ),
    ...list(id('causes'), '', causeLines(incident)),
    ...list(id('changes'), '*Changed in the hour before (coincidence in time, no proof):*', changeLines(card)),
    ...list(id('before'), '*Seen before:*', beforeLines(card, options)),
    ...list(id('missing'), '*Not known:*', missingLines(incident)),
    ...list(id('notes'), '*Notes:*', noteLines(incident)),
    context(id('context'), [`as of ${slackTime(card.at, card.at)} · read-only · incident ${code(incident.id)}`]),
  ];
  return fitBudget({ text: notificationText(notificationOf(incident)), blocks }, { rest: 'Shortened to fit' });
}

/** Empty where the parent message says as much: one cause of one object. */
function causeLines(incident: Incident): readonly string[] {
  const { causes, roots, rootsBeyond } = incident;
  if (causes.length === 1 && roots.length + rootsBeyond <= 1) {
    return [];
  }
  const most = Math.min(MOST_OBJECTS, Math.max(LEAST_OBJECTS, Math.floor(OBJECTS_IN_ALL / Math.max(1, causes.length))));
  const shown = causes.slice(0, MOST_CAUSES).map((cause) => causeLine(incident, cause, most));
  return withMore(shown, causes.length, 'cause');
}

/** The cause in one line, and below it the objects that it explains with how many of them were asked about, and how it comes to them. */
function causeLine(incident: Incident, cause: IncidentCause, most: number): string {
  const explained = explainedBy(incident, cause);
  const looked = explained.filter(({ look }) => look === 'done').length;
  const sampled = looked < explained.length ? `, looked at ${countText(looked)}` : '';
  const headline = bold(prose(cutPlain(cause.headline, HEADLINE))) || code(cause.key);
  const explains = `${counted(explained.length, 'object')}${sampled}: ${objectList(explained, most)}`;
  return explained.length === 0
    ? `• ${headline}`
    : [`• ${headline}`, `${STANDS[cause.state]} ${explains}`, ...apartLines(incident, cause)].join('\n');
}

function apartLines(incident: Incident, cause: IncidentCause): readonly string[] {
  const said = saidApart(incident, cause);
  const shown = said.slice(0, MOST_APART).map((text) => `◦ ${prose(cutPlain(text, LINE))}`);
  return withMore(shown, said.length, 'other');
}

const STANDS: Readonly<Record<IncidentCause['state'], string>> = {
  confirmed: 'explains',
  likely: 'likely explains',
  possible: 'perhaps explains',
  refuted: 'does not explain',
  unknown: 'no cause found for',
  healthy: 'nothing wrong with',
  failed: 'not diagnosed:',
};

function changeLines({ incident, at }: IncidentCard): readonly string[] {
  const { changes } = incident;
  const shown = changes.slice(0, MOST_CHANGES).map((change) => changeLine(change, at));
  return withMore(shown, changes.length, 'change');
}

function changeLine({ at, object, what }: ClusterChange, now: string): string {
  const time = slackTime(at, now);
  return `• ${[time, `${code(cutPlain(object, LINE))}: ${prose(cutPlain(what, LINE))}`].filter((part) => part !== '').join(' ')}`;
}

function beforeLines(card: IncidentCard, { workspaceUrl }: RenderOptions): readonly string[] {
  return card.incident.before.map((past) => {
    const headline = prose(cutPlain(past.headline, LINE));
    return `• ${pastText(past, card, workspaceUrl)}${headline === '' ? '' : `. It was: ${headline}`}`;
  });
}

/** Objects that nothing could be found out about. */
function missingLines(incident: Incident): readonly string[] {
  const objects = unexplained(incident);
  const shown = objects
    .slice(0, MOST_UNEXPLAINED)
    .map(({ title, reason = '' }) => `• ${code(cutPlain(title, LINE))}: ${prose(cutPlain(reason, LINE))}`);
  return withMore(shown, objects.length, 'object');
}

/** What was left out or replaced on the way. */
function noteLines(incident: Incident): readonly string[] {
  const notes = incident.notes.filter((note) => plainWords(note) !== '');
  const told = notes.slice(0, MOST_NOTES).map((note) => `• ${prose(cutPlain(note, LINE))}`);
  return withMore(told, notes.length, 'note');
}

function withMore(lines: readonly string[], of: number, what: string): readonly string[] {
  const more = of - lines.length;
  return more > 0 ? [...lines, `… and ${counted(more, `more ${what}`)}`] : lines;
}

function list(id: string, head: string, lines: readonly string[]): readonly MessageBlock[] {
  return lines.length === 0 ? [] : [section(id, [head, ...lines].filter((line) => line !== '').join('\n'))];
}

function notificationOf({ names, cluster, causes, changes }: Incident): string {
  const parts = [
    causes.length > 1 ? counted(causes.length, 'cause') : '',
    changes.length > 0 ? `${counted(changes.length, 'change')} before it began` : '',
  ].filter((part) => part !== '');
  const where = plainWords(cluster) === '' ? '' : ` (${plainWords(cluster)})`;
  return `What else is known about ${alertNames(names)}${where}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}
