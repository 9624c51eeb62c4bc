import type { DigestCard, DigestRow } from '../../../core/chat/content.ts';
import { formatSpan, secondsBetween } from '../../../core/facts/time.ts';
import { detourNote } from './answer-frame.ts';
import { context, section, table } from './blocks.ts';
import { CAPS, fitBudget } from './fit-budget.ts';
import { counted, countText, firingText } from './incident-words.ts';
import { bold, code, cutMrkdwn, cutPlain, notificationText, plainWords, prose, slackTime } from './mrkdwn.ts';
import type { DigestContent, MessageBlock, RenderedMessage, RenderOptions, Tier } from './rendered-message.ts';
import { checkedWorkspace, threadLink } from './thread-link.ts';

/** Rows that are read; a message that shows more is no digest. */
const MOST_ROWS = 15;
const HEADLINE = 200;

/** Many incidents in one message: what there is most of first, then each with its counts. When it is over it only says how it went. */
export function renderDigest({ digest }: DigestContent, tier: Tier, options: RenderOptions): RenderedMessage {
  const id = (role: string): string => `${digest.id}:v${options.version}:${role}`;
  const isEmpty = hasNothing(digest);
  const note = options.detour === undefined ? [] : [detourNote(options.detour, options.intended)];
  const blocks = [
    section(id('title'), `${titleLine(digest)}${topCause(digest)}`),
    ...rowBlocks(id('rows'), digest, tier, options),
    context(id('context'), [...(isEmpty ? [] : [countsPrint(digest)]), timesPrint(digest), ...note]),
  ];
  return fitBudget({ text: notificationText(notificationOf(digest)), blocks }, { rest: 'Shortened to fit' });
}

/** `:rotating_light: *Alert storm in prod-eu-1: 2,000 alerts, 3 causes so far*`, with the words for what is over. */
function titleLine(digest: DigestCard): string {
  const place = plainWords(digest.cluster) === '' ? '' : ` in ${prose(cutPlain(digest.cluster, CAPS.cell))}`;
  const counts = countsText(digest);
  return digest.state === 'storm'
    ? `:rotating_light: ${bold(`Alert storm${place}: ${counts}`)}`
    : `:white_check_mark: ${bold(`The alert storm${place} is over: ${counts}`)}`;
}

/** Everything in it joined incidents that have messages of their own. */
function hasNothing({ rows, beyond }: DigestCard): boolean {
  return rows.length === 0 && beyond === 0;
}

function countsText(digest: DigestCard): string {
  return hasNothing(digest)
    ? 'all its alerts joined incidents in this channel'
    : `${counted(digest.total, 'alert')}, ${causesText(digest)}`;
}

/** What there is most of, on the first line too. */
function topCause(digest: DigestCard): string {
  const top = topRow(digest);
  return top === undefined ? '' : ` · most: ${cutMrkdwn(prose(top.headline), HEADLINE)}`;
}

function topRow({ rows }: DigestCard): DigestRow | undefined {
  const known = rows.filter(({ unknown }) => unknown !== true);
  return known.toSorted((a, b) => b.total - a.total)[0];
}

function causesText({ rows, beyond, state }: DigestCard): string {
  const known = rows.filter(({ unknown }) => unknown !== true).length;
  const suffix = state === 'storm' ? ' so far' : '';
  if (known === 0) {
    return state === 'storm' ? 'no cause known yet' : 'no cause found';
  }
  return `${beyond > 0 ? 'at least ' : ''}${counted(known, 'cause')}${suffix}`;
}

function rowBlocks(id: string, digest: DigestCard, tier: Tier, options: RenderOptions): readonly MessageBlock[] {
  const rows = digest.rows.slice(0, MOST_ROWS);
  if (rows.length === 0) {
    return [];
  }
  const more = digest.beyond + digest.rows.length - rows.length;
  const linked =
    checkedWorkspace(options.workspaceUrl) !== undefined && rows.some(({ thread }) => thread !== undefined);
  const cells = rows.map(tableRow);
  const fits = cells.length < CAPS.rows && cells.flat().every((cell) => cell.length <= CAPS.cell);
  if (tier === 'rich' && fits && !linked) {
    const rest = more > 0 ? [section(`${id}:more`, moreText(more))] : [];
    return [table(id, [['Cause', 'Objects', 'Firing'], ...cells]), ...rest];
  }
  const lines = rows.map((row) => rowLine(row, options));
  return [section(id, [...lines, ...(more > 0 ? [moreText(more)] : [])].join('\n'))];
}

/** Cells without the words that their heads say. */
function tableRow(row: DigestRow): readonly string[] {
  const { objects, looked, state, headline } = row;
  return [
    `${state === 'resolved' ? 'Resolved: ' : ''}${plainWords(headline) || 'No name'}`,
    `${countText(objects)}${looked < objects ? ` (${countText(looked)} looked at)` : ''}`,
    firingText(row).replace(/ firing$/, ''),
  ];
}

/** Struck out when it is over; with a link to its own thread where it has one. */
function rowLine(row: DigestRow, { workspaceUrl }: RenderOptions): string {
  const headline = prose(cutPlain(row.headline, HEADLINE)) || 'No name';
  const link = threadLink(row.thread, 'thread', workspaceUrl);
  const parts = [
    row.state === 'resolved' ? `:white_check_mark: ${headline} · resolved` : `• ${bold(headline)}`,
    objectsText(row),
    firingText(row),
    link === 'thread' ? '' : link,
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

/** `340 objects`, or how many of them were looked at. */
function objectsText({ objects, looked }: DigestRow): string {
  return looked < objects
    ? `${counted(objects, 'object')}, ${countText(looked)} looked at`
    : counted(objects, 'object');
}

function moreText(more: number): string {
  return `… and ${counted(more, 'more incident')}`;
}

function countsPrint({ looked, objects, firing, total }: DigestCard): string {
  const all = looked >= objects ? counted(objects, 'object') : `${countText(looked)} of ${counted(objects, 'object')}`;
  return `Looked at ${all} · ${countText(firing)} of ${counted(total, 'alert')} firing`;
}

function timesPrint(digest: DigestCard): string {
  const { id, startedAt, at, state } = digest;
  const lasted = formatSpan(secondsBetween(startedAt, at) ?? 0);
  const since = `Since ${slackTime(startedAt, at)} (${lasted})`;
  const thread = state === 'storm' ? 'answers come in this thread' : 'nothing new came for a while';
  return [since, hasNothing(digest) ? '' : thread, `digest ${code(id)}`].filter((part) => part !== '').join(' · ');
}

function notificationOf(digest: DigestCard): string {
  const { cluster, state } = digest;
  const place = plainWords(cluster) === '' ? '' : ` in ${plainWords(cluster)}`;
  const counts = countsText(digest);
  const top = topRow(digest);
  const most = top === undefined ? '' : `. Most: ${cutPlain(plainWords(top.headline), CAPS.title)}`;
  return state === 'storm'
    ? `Alert storm${place}: ${counts}${most}`
    : `The alert storm${place} is over: ${counts}${most}`;
}
