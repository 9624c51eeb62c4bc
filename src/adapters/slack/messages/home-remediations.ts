import type { SectionBlock } from '@slack/types';
import type { HomeContent, RemediationRow } from '../../../core/chat/content.ts';
import { listWords } from '../../../core/facts/text.ts';
import type { RemediationState } from '../../../core/remediation/state.ts';
import { button, context, section } from './blocks.ts';
import { CAPS } from './fit-budget.ts';
import { counted } from './incident-words.ts';
import { bold, code, cutMrkdwn, cutPlain, mention, plainWords, prose, slackTime } from './mrkdwn.ts';
import { REMEDIATION_ACTIONS } from './remediation-actions.ts';
import { capital } from './remediation-words.ts';
import type { MessageBlock, Tier } from './rendered-message.ts';
import { threadLink } from './thread-link.ts';

type HomeRemediations = NonNullable<HomeContent['remediations']>;

/** What the rows of a Home are laid out with. */
interface HomeLayout {
  readonly tier: Tier;
  /** RFC 3339. */
  readonly at: string;
  readonly workspaceUrl: string | undefined;
}

const MOST_WAITING = 12;
const MOST_RECENT = 10;
const MOST_PERMISSIONS = 10;
const PERMISSION = 250;
const BLOCK = /^home:m-[a-z0-9]{16}:([CDG][A-Z0-9]{2,30})$/;

/** The channel in which the change of a block of the Home is shown; undefined for any other block. */
export function homeChannel(block: string): string | undefined {
  return BLOCK.exec(block)?.[1];
}

/** What waits for a decision, what was decided, what the person may approve, and where nothing may be changed. */
export function homeRemediations(shown: HomeRemediations, layout: HomeLayout): readonly MessageBlock[] {
  const waiting = shown.waiting.slice(0, MOST_WAITING);
  return [
    ...stoppedBlocks(shown.stopped),
    section('home:waiting', `*Waiting for approval*\n${countLine(waiting)}`),
    ...waiting.flatMap((row) => waitingBlocks(row, layout)),
    ...linesSection(
      'home:recent',
      'Recent decisions',
      shown.recent.slice(0, MOST_RECENT).map((row) => recentLine(row, layout)),
    ),
    section('home:permissions', permissionText(shown.permissions)),
  ];
}

function countLine(rows: readonly RemediationRow[]): string {
  const yours = rows.filter((row) => row.yours).length;
  const others = rows.length - yours;
  if (rows.length === 0) {
    return 'Nothing waits for a decision.';
  }
  const parts = [
    yours === 0 ? 'Nothing for you' : `${counted(yours, 'change')} for you`,
    others === 0 ? '' : `${counted(others, 'change')} for others`,
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function waitingBlocks(row: RemediationRow, layout: HomeLayout): readonly MessageBlock[] {
  const { at, workspaceUrl, tier } = layout;
  const expires = row.expiresAt === undefined ? '' : `expires ${slackTime(row.expiresAt, at)}`;
  const link = threadLink(row.thread, 'thread', workspaceUrl);
  const text = `:lock: ${bold(titleOf(row))} · ${clusterOf(row)}`;
  const small = joined([
    `${row.votes} of ${row.required} ${row.required === 1 ? 'approval' : 'approvals'}`,
    expires,
    `for ${mention(row.requester)}`,
    link === 'thread' ? '' : link,
  ]);
  const id = `home:${row.id}:${row.thread?.channel ?? '-'}`;
  return tier === 'plain'
    ? [withReview(section(id, `${text}\n${small}`), row)]
    : [withReview(section(id, text), row), context(`${id}:about`, [small])];
}

/** A button only for those who may approve it, and only where its message is known. */
function withReview(block: SectionBlock, row: RemediationRow): SectionBlock {
  if (!row.yours || homeChannel(block.block_id ?? '') === undefined) {
    return block;
  }
  return {
    ...block,
    accessory: button({
      action: REMEDIATION_ACTIONS.approve,
      label: 'Review',
      spoken: cutPlain(plainWords(`Review: ${row.title}`), CAPS.spoken),
      value: row.id,
    }),
  };
}

const DECISIONS: Readonly<Record<RemediationState, readonly [mark: string, words: string]>> = {
  proposed: [':lock:', 'is being prepared'],
  awaiting_approval: [':lock:', 'waits for approval'],
  approved: [':hourglass_flowing_sand:', 'approved'],
  executing: [':gear:', 'is running'],
  verifying: [':mag:', 'done, being watched'],
  succeeded: [':white_check_mark:', 'helped'],
  denied: [':no_entry_sign:', 'denied'],
  expired: [':hourglass:', 'expired'],
  superseded: [':octagonal_sign:', 'not run'],
  blocked: [':octagonal_sign:', 'not run'],
  failed: [':x:', 'failed'],
  verify_failed: [':warning:', 'did not help'],
  unknown_outcome: [':grey_question:', 'outcome unknown'],
  cancelled: [':no_entry_sign:', 'cancelled'],
};

function recentLine(row: RemediationRow, { at, workspaceUrl }: HomeLayout): string {
  const link = threadLink(row.thread, 'thread', workspaceUrl);
  const [mark, words] = DECISIONS[row.state];
  return joined([
    `${mark} ${titleOf(row)}`,
    clusterOf(row),
    `${words} ${slackTime(row.since, at)}`.trim(),
    link === 'thread' ? '' : link,
  ]);
}

function permissionText(permissions: readonly string[]): string {
  const shown = permissions.slice(0, MOST_PERMISSIONS).map((line) => `• ${cutMrkdwn(prose(line), PERMISSION)}`);
  const more = permissions.length - shown.length;
  return permissions.length === 0
    ? '*Your permissions* — you may approve nothing. An administrator of Kubewhy can add a rule.'
    : ['*You may approve*', ...shown, ...(more > 0 ? [`… and ${more} more`] : [])].join('\n');
}

function stoppedBlocks(stopped: readonly string[]): readonly MessageBlock[] {
  if (stopped.length === 0) {
    return [];
  }
  const where = stopped.includes('*') ? 'in every cluster' : `in ${listWords(stopped.map((cluster) => code(cluster)))}`;
  return [
    section('home:stopped', `:octagonal_sign: ${bold(`Changes are switched off ${where}.`)} Nothing is run there.`),
  ];
}

function linesSection(id: string, title: string, lines: readonly string[]): readonly MessageBlock[] {
  return lines.length === 0 ? [] : [section(id, [`*${title}*`, ...lines].join('\n'))];
}

function titleOf({ title }: RemediationRow): string {
  return capital(cutMrkdwn(prose(title), CAPS.title)) || 'A change';
}

function clusterOf({ cluster }: RemediationRow): string {
  return cutMrkdwn(prose(cluster), CAPS.cell) || 'cluster not known';
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' · ');
}
