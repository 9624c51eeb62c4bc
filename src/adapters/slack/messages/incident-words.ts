import type { IncidentCard } from '../../../core/chat/content.ts';
import { shorten } from '../../../core/facts/text.ts';
import { formatSpan, secondsBetween } from '../../../core/facts/time.ts';
import type { Incident, IncidentRoot, PastIncident } from '../../../core/triage/incident.ts';
import { code, plainWords, prose, slackTime } from './mrkdwn.ts';
import { threadLink } from './thread-link.ts';

/** Characters of one name in a list. */
const NAME = 45;

/** `2,000`. */
export function countText(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `1 alert`, `2,000 alerts`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

/** Names of alerts as plain words, with how many more there are. */
export function alertNames(names: readonly string[], most = 3): string {
  const told = names.map(plainWords).filter((name) => name !== '');
  const shown = told.slice(0, most).map((name) => shorten(name, NAME * 2));
  const more = told.length - shown.length;
  return shown.length === 0 ? 'alerts without a name' : shown.join(', ') + (more > 0 ? ` +${more}` : '');
}

/** `3 of 5 firing`, or `3 firing` when all do. */
export function firingText({ firing, total }: { readonly firing: number; readonly total: number }): string {
  return firing < total ? `${countText(firing)} of ${countText(total)} firing` : `${countText(firing)} firing`;
}

/** The cluster as mrkdwn. */
export function clusterText({ cluster }: { readonly cluster: string }): string {
  return plainWords(cluster) === '' ? 'cluster not known' : prose(cluster);
}

/** Objects as code with how many more there are; mrkdwn. */
export function objectList(roots: readonly IncidentRoot[], most: number, beyond = 0): string {
  const shown = roots.slice(0, most).map(({ title }) => code(shorten(title, NAME)) || 'an object without a name');
  const more = roots.length - shown.length + beyond;
  return shown.join(', ') + (more > 0 ? ` +${countText(more)} more` : '');
}

/** How an incident ended, as a sentence without a full stop. */
export function endText({
  resolvedBy,
  firing,
  heardAt,
  resolvedAt,
}: Pick<Incident, 'resolvedBy' | 'firing' | 'heardAt' | 'resolvedAt'>): string {
  switch (resolvedBy) {
    case 'alerts':
      return 'Every alert was resolved';
    case 'cluster':
      return firing === 0
        ? 'Nothing is wrong in the cluster any more'
        : `Nothing is wrong in the cluster any more, although ${counted(firing, 'alert still fires', 'alerts still fire')}`;
    case 'silence': {
      const span = formatSpan(secondsBetween(heardAt, resolvedAt) ?? 0);
      return `Nothing was heard of it for ${span}, so it counts as over`;
    }
    case 'merged':
      return 'It became part of another incident';
    default:
      return '';
  }
}

const ENDS: Readonly<Record<PastIncident['resolvedBy'], string>> = {
  alerts: 'every alert was resolved',
  cluster: 'nothing was wrong in the cluster any more',
  silence: 'nothing was heard of it any more',
  merged: 'it became part of another incident',
};

/** An earlier incident: when, for how long, how it ended, with a link to its thread; mrkdwn. */
export function pastText(past: PastIncident, { at }: IncidentCard, workspaceUrl: string | undefined): string {
  const { openedAt, resolvedAt, resolvedBy, thread } = past;
  const lasted = formatSpan(secondsBetween(openedAt, resolvedAt) ?? 0);
  const link = threadLink(thread, 'thread', workspaceUrl);
  const where = link === 'thread' ? '' : ` (${link})`;
  return `${slackTime(openedAt, at)}${where}: after ${lasted} ${ENDS[resolvedBy]}`;
}
