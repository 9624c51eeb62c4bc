import { RedisAuditLog } from '../../src/adapters/redis/redis-audit-log.ts';
import { RedisConnection } from '../../src/adapters/redis/redis-connection.ts';
import { sha256 } from '../../src/adapters/system/hmac-signer.ts';
import type { AuditReport } from '../../src/app/audit.ts';
import { verifyAudit } from '../../src/app/audit.ts';
import type { AuditEntry } from '../../src/core/remediation/audit.ts';
import type { MessageRecord } from '../../src/sim/slack/store/records.ts';
import { USERS } from '../../src/sim/slack/world/default-world.ts';
import { RecordingLogger } from '../fakes/recording-logger.ts';
import { acceptedId, command, messagesOf } from '../integration/bot-talk.ts';
import type { BotWorld } from '../integration/bot-world.ts';
import { type Approving, approve, changesOf, openRemediationWorld, press } from '../integration/remediation-world.ts';
import type { IncidentLab } from './incident-lab.ts';

/** Alice asks and proposes; Bob and Carol approve, and Carol is an owner. */
const { alice } = USERS;
export const { bob } = USERS;
const carol = { ...bob, id: 'U0CAROL01', name: 'carol', realName: 'Carol Carver' };

/** How a change begins that was made and helped. */
export const HELPED = ':white_check_mark:';

/** What a world may differ in. */
export interface IncidentWorldOptions {
  /** Kubeconfigs by which the bot reaches the cluster otherwise. */
  readonly reader?: string;
  readonly executor?: string;
  /** Folders of further playbooks. */
  readonly playbooks?: readonly string[];
}

/** Slack, Redis and the rules around a bot of the real cluster; no bot yet. */
export async function openIncidentWorld(lab: IncidentLab, options: IncidentWorldOptions = {}): Promise<BotWorld> {
  const people = [bob, carol];
  const world = await openRemediationWorld({
    kubeconfig: options.reader ?? lab.reader,
    executorKubeconfig: options.executor ?? lab.executor,
    playbooks: options.playbooks ?? [],
    recordings: [],
    slack: { allowed: { mentions: [alice.id, bob.id, carol.id] } },
    remediation: {
      rules: [
        {
          name: 'on call',
          approvers: people.map(({ id }) => id),
          owners: [carol.id],
          actions: ['*'],
          tiers: ['T1', 'T2', 'T3'],
          namespaces: ['*'],
        },
      ],
      identities: people.map(({ id, name }) => ({ slack: id, user: name, groups: [lab.approvers] })),
      operators: [bob.id],
    },
  });
  const { ops } = world.slack.channels;
  world.slack.world.putUser(carol);
  world.slack.world.putChannel({ ...ops, members: [...ops.members, carol.id] });
  return world;
}

/** Alice asks in #ops; the answer. */
export async function askWhy(world: BotWorld, about: string): Promise<MessageRecord> {
  const delivery = await command(world, { channel: world.slack.channels.ops.id, text: `why ${about}` });
  const id = acceptedId(delivery);
  if (id === undefined) {
    throw new Error(`the question was not accepted: ${delivery.outcome} ${delivery.body}`);
  }
  return world.slack.waitFor(
    () => messagesOf(world, id).find((one) => !one.deleted && JSON.stringify(one.blocks).includes(':actions')),
    60_000,
  );
}

/** Alice presses "Review fix"; the proposal, open for decisions. */
export async function review(world: BotWorld, answer: MessageRecord): Promise<MessageRecord> {
  await press(world, answer, 'remediation.review', alice.id);
  return world.slack.waitFor(
    () => changesOf(world).findLast((one) => one.threadTs === answer.ts && hasButton(one, 'proposal.approve')),
    60_000,
  );
}

/** What is said in the thread when nothing is proposed. */
export async function refusal(world: BotWorld, answer: MessageRecord): Promise<string> {
  await press(world, answer, 'remediation.review', alice.id);
  const said = await world.slack.waitFor(
    () =>
      world.slack
        .sent()
        .findLast(
          ({ metadata, threadTs }) =>
            threadTs === answer.ts && String(metadata?.event_payload['key']).includes('-refused-'),
        ),
    60_000,
  );
  return plainText(said);
}

/** Bob and Carol approve, as a change that can lose data needs it. */
export async function approveByTwo(world: BotWorld, proposal: MessageRecord, entry: Approving): Promise<void> {
  await approve(world, proposal, { ...entry, user: bob.id });
  await changeIs(world, proposal, 'One more approval needed');
  await approve(world, proposal, { ...entry, user: carol.id });
}

/** The change as it stands, once it says this. */
export async function changeIs(world: BotWorld, proposal: MessageRecord, words: string, milliseconds = 120_000) {
  try {
    return await world.slack.waitFor(
      () => changesOf(world).find(({ ts }) => ts === proposal.ts && plainText(currentOf(world, ts)).includes(words)),
      milliseconds,
    );
  } catch {
    throw new Error(`waited for "${words}"; it says: ${plainText(currentOf(world, proposal.ts))}`);
  }
}

function currentOf(world: BotWorld, ts: string): MessageRecord {
  const found = changesOf(world).find((one) => one.ts === ts);
  if (found === undefined) {
    throw new Error('the message is gone');
  }
  return found;
}

/** Whether a message has a button of this name. */
export function hasButton({ blocks }: MessageRecord, actionId: string): boolean {
  return JSON.stringify(blocks).includes(`"action_id":"${actionId}"`);
}

/** Everything that a person reads in a message, a line for each text. */
export function plainText({ blocks, text }: Pick<MessageRecord, 'blocks' | 'text'>): string {
  return [text, ...textsIn(blocks)].join('\n');
}

function textsIn(part: unknown): readonly string[] {
  if (Array.isArray(part)) {
    return part.flatMap(textsIn);
  }
  if (typeof part !== 'object' || part === null) {
    return [];
  }
  return Object.entries(part).flatMap(([key, value]) =>
    key === 'text' && typeof value === 'string' ? [value] : textsIn(value),
  );
}

/** The audit of a world: whether its chain is whole, and its entries. */
export async function auditOf({
  redis,
}: BotWorld): Promise<{ readonly report: AuditReport; readonly entries: readonly AuditEntry[] }> {
  const logger = new RecordingLogger();
  const connection = new RedisConnection({ url: redis.url, logger });
  const audit = new RedisAuditLog({ redis: connection, logger, prefix: 'kubewhy', digest: sha256 });
  try {
    await connection.ready();
    const report = await verifyAudit(audit);
    const stored = await audit.stored(1, report.head.seq);
    return { report, entries: stored.flatMap((entry) => entry ?? []) };
  } finally {
    connection.close();
  }
}
