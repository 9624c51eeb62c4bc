import type { CardDelivery } from '../../core/chat/delivery.ts';
import type { RemediationPolicy } from '../../core/policy/remediation-policy.ts';
import { planForgery } from '../../core/remediation/check-record.ts';
import type { RemediationRecord } from '../../core/remediation/remediation.ts';
import type { TellDeps } from './remediation-deps.ts';

/** People and groups that are called once. */
const MOST_CALLED = 5;

/**
 * Shows a change as it stands now: opens the decision once its message is posted, and puts its newest revision into the
 * outbox. Twice is once. Throws STORE_UNAVAILABLE.
 */
export async function tellRemediation(id: string, deps: TellDeps): Promise<void> {
  const record = await deps.store.read(id);
  if (record === undefined) {
    return;
  }
  const { cluster } = record.signed.plan;
  if (planForgery(record, { id, cluster }, deps.signer) !== undefined) {
    return tellForged(id, record, deps);
  }
  const isOpened = record.state === 'proposed' && (await openPosted(id, deps));
  const newest = isOpened ? ((await deps.store.read(id)) ?? record) : record;
  await deps.outbox.put(remediationCard(newest, deps));
  await deps.store.told(id, newest.revision);
}

/**
 * In the place of a message that is posted: only its id is certain, and where the message is. Nothing that the row says of
 * itself is shown, and there is nothing to press.
 */
async function tellForged(id: string, record: RemediationRecord, { store, outbox }: TellDeps): Promise<void> {
  const posted = await outbox.posted(id);
  if (posted !== undefined) {
    const made = record.intent === undefined ? '' : ' It may have been made before: look at what it was about by hand.';
    await outbox.put({
      kind: 'card',
      key: id,
      team: record.signed.plan.replyTo.team,
      channel: posted.channel,
      priority: 'urgent',
      version: record.revision,
      content: {
        kind: 'notice',
        text: `Stopped: what is stored about the change ${id} cannot be trusted, since it is not what was proposed. Nothing more is done about it.${made} Tell an administrator of Kubewhy to look at who can write to Redis. If the trouble is still there, ask again.`,
      },
    });
  }
  await store.told(id, record.revision);
}

/** Nobody can decide about what nobody can see. */
async function openPosted(id: string, { store, outbox }: TellDeps): Promise<boolean> {
  const posted = await outbox.posted(id);
  return posted !== undefined && (await store.opened(id, posted));
}

/** The one message of a change, which is edited in place; its version is the revision. */
function remediationCard(record: RemediationRecord, { policy, clock }: TellDeps): CardDelivery {
  const { plan } = record.signed;
  const { team, channel, thread } = plan.replyTo;
  return {
    kind: 'card',
    key: plan.id,
    team,
    channel,
    thread,
    // Whoever may approve should not have to open the thread to see that somebody waits.
    broadcast: true,
    priority: 'urgent',
    version: record.revision,
    content: {
      kind: 'remediation',
      card: { record, approvers: calledFor(record, policy()), at: clock.now().toISOString() },
    },
  };
}

/** Owners first, since nothing goes on without one of them. */
function calledFor(
  { signed: { plan } }: RemediationRecord,
  { rules }: Pick<RemediationPolicy, 'rules'>,
): readonly string[] {
  const rule = rules.find(({ name }) => name === plan.approval.rule);
  return [...new Set([...plan.approval.owners, ...(rule?.approvers ?? [])])].slice(0, MOST_CALLED);
}

/** Where a notice goes. */
export interface NoticePlace {
  readonly team: string;
  readonly channel: string;
  readonly thread: string;
}

/** A sentence or two in a thread. */
export interface Notice {
  /** Names it for ever: it is said once. */
  readonly key: string;
  readonly text: string;
  readonly code?: readonly string[];
  /** As a notice has it. */
  readonly by?: string;
}

/** Puts a sentence into a thread. Throws STORE_UNAVAILABLE. */
export async function putNotice(
  { team, channel, thread }: NoticePlace,
  { key, ...notice }: Notice,
  { outbox }: Pick<TellDeps, 'outbox'>,
): Promise<void> {
  await outbox.put({
    kind: 'card',
    key,
    team,
    channel,
    thread,
    priority: 'answer',
    version: 1,
    content: { kind: 'notice', ...notice },
  });
}
