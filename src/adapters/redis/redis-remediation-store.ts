import { KubewhyError } from '../../core/errors/kubewhy-error.ts';
import type { AuditDraft } from '../../core/remediation/audit.ts';
import { DEFAULT_TIMES, type RemediationLimits } from '../../core/remediation/limits.ts';
import type { RemediationRecord, SignedPlan, StepResult, Vote } from '../../core/remediation/remediation.ts';
import { executorActor, slackActor, switchAudit } from '../../core/remediation/store-audit.ts';
import { isStoreReason, stopWords, storeWords } from '../../core/remediation/store-words.ts';
import { mayAdvance } from '../../core/remediation/transitions.ts';
import type { Logger } from '../../ports/logger.ts';
import type {
  Advance,
  BreakerState,
  ClaimRequest,
  ClaimResult,
  DecideResult,
  ProposeResult,
  RemediationStore,
  RemediationWork,
  SwitchState,
} from '../../ports/remediation-store.ts';
import type { Argument, RedisConnection, RedisReply } from './redis-connection.ts';
import { fieldsOf, listOf, numberOf, textOf, textsOf } from './redis-reply.ts';
import type { RedisScript } from './redis-script.ts';
import { breakerState, claimFrom, decidedBefore, decideResult, switchState } from './remediation-answers.ts';
import { endingText, limitArguments, proposeArguments, remediationBase } from './remediation-arguments.ts';
import {
  BREAKERS,
  LIST_RECORDS,
  NOW,
  READ_RECORD,
  REMEDIATION_TOLD,
  REMEDIATION_WORK,
} from './remediation-read-scripts.ts';
import { remediationRecord } from './remediation-record.ts';
import { ADVANCE, CLAIM, END_UNREADABLE, INTEND, RENEW_CLAIM, STEP } from './remediation-run-scripts.ts';
import {
  ABANDON,
  APPROVE,
  END_BY_PERSON,
  EXPIRE,
  OPENED,
  PROPOSE,
  RESUME,
  STOP,
  STOP_BEFORE,
} from './remediation-scripts.ts';

/** What the store needs, and times that the settings and tests change. */
export interface RedisRemediationStoreOptions {
  readonly redis: RedisConnection;
  readonly logger: Logger;
  /** First part of every key. Default `kubewhy`. */
  readonly prefix?: string;
  /** How long after the last approval the change may begin. Default 15 minutes. */
  readonly approvalMs?: number | (() => number);
  /** How long what has ended is kept. Default 90 days. */
  readonly keepMs?: number;
}

type Person = Parameters<RemediationStore['deny']>[1];

const KEEP_MS = 90 * 86_400_000;
const MOST_WORK = 200;
const MOST_EXPIRED = 100;
/** More open ones are not looked through at once. */
const MOST_OPEN = 1000;

/** Remediations in Redis. */
export class RedisRemediationStore implements RemediationStore {
  private readonly redis: RedisConnection;
  private readonly logger: Logger;
  private readonly base: string;
  private readonly approvalMs: () => number;
  private readonly keepMs: number;

  constructor(options: RedisRemediationStoreOptions) {
    this.redis = options.redis;
    this.logger = options.logger;
    this.base = remediationBase(options.prefix);
    const { approvalMs = DEFAULT_TIMES.approvalMs } = options;
    this.approvalMs = typeof approvalMs === 'number' ? () => approvalMs : approvalMs;
    this.keepMs = options.keepMs ?? KEEP_MS;
  }

  async now(): Promise<Date> {
    return new Date(numberOf(await this.run(NOW)));
  }

  async propose(signed: SignedPlan, limits: RemediationLimits): Promise<ProposeResult> {
    const args = [...proposeArguments(signed), ...limitArguments(limits)];
    const [kind, what] = textsOf(await this.run(PROPOSE, ...args));
    if (kind === 'exists') {
      return { kind, id: what ?? '' };
    }
    const reason = what ?? '';
    return kind === 'proposed'
      ? { kind }
      : { kind: 'blocked', reason: isStoreReason(reason) ? storeWords(reason) : reason };
  }

  async opened(id: string, message: { readonly channel: string; readonly ts: string }): Promise<boolean> {
    const { channel, ts } = message;
    return this.did(OPENED, id, JSON.stringify({ channel, ts }), channel, ts);
  }

  async read(id: string): Promise<RemediationRecord | undefined> {
    return this.record(id, await this.run(READ_RECORD, id));
  }

  async approve(id: string, digest: string, vote: Omit<Vote, 'at'>): Promise<DecideResult> {
    const owner = vote.owner === false ? 'no' : 'yes';
    const { user, reason } = vote;
    const text = JSON.stringify(vote);
    const args = [id, digest, user, text, owner, slackActor(vote), reason, this.approvalMs()];
    return decideResult(await this.run(APPROVE, ...args));
  }

  async deny(id: string, by: Person): Promise<DecideResult> {
    const args = [id, 'denied', endingText(by), slackActor(by), by.reason, 'denied', 'awaiting'];
    return decideResult(await this.run(END_BY_PERSON, ...args));
  }

  async cancel(id: string, by: Person): Promise<DecideResult> {
    const args = [id, 'cancelled', endingText(by), slackActor(by), by.reason, 'ended', 'all'];
    return decideResult(await this.run(END_BY_PERSON, ...args));
  }

  async stopBefore(id: string, to: 'blocked' | 'superseded', reason: string): Promise<boolean> {
    return this.did(STOP_BEFORE, id, to, JSON.stringify({ reason }), reason);
  }

  async claim(id: string, { worker, leaseMs, limits }: ClaimRequest): Promise<ClaimResult> {
    const actor = executorActor(worker);
    const reply = listOf(await this.run(CLAIM, id, worker, actor, leaseMs, ...limitArguments(limits)));
    const [kind, fence, how, from, fields] = reply;
    if (kind === 'busy' || kind === 'unknown') {
      return { kind };
    }
    if (kind !== 'claimed') {
      return decidedBefore(reply);
    }
    const record = this.record(id, fields);
    if (record === undefined) {
      await this.run(END_UNREADABLE, id, numberOf(fence), actor);
      return { kind: 'unknown' };
    }
    const recovered = how === 'recover' ? how : 'first';
    return { kind, fence: numberOf(fence), how: recovered, from: claimFrom(textOf(from)), record };
  }

  async renew(id: string, fence: number, leaseMs: number): Promise<boolean> {
    return this.did(RENEW_CLAIM, id, fence, leaseMs);
  }

  async intend(id: string, fence: number, intent: string, audit: AuditDraft): Promise<boolean> {
    return this.did(INTEND, id, fence, intent, JSON.stringify(audit));
  }

  async step(id: string, fence: number, step: StepResult): Promise<boolean> {
    const { what, ok, output, at, tookMs } = step;
    return this.did(STEP, id, fence, JSON.stringify(step), what, ok ? 1 : 0, output, at, tookMs);
  }

  async advance(id: string, fence: number, { from, to, ending, audit }: Advance): Promise<boolean> {
    if (!mayAdvance(from, to)) {
      throw new KubewhyError('BUG', { message: `No change goes from ${from} to ${to}.` });
    }
    const ended = ending === undefined ? '' : JSON.stringify(ending);
    return this.did(ADVANCE, id, fence, from, to, ended, JSON.stringify(audit));
  }

  async work(cluster: string): Promise<RemediationWork> {
    const [unposted, runnable, untold] = listOf(await this.run(REMEDIATION_WORK, cluster, MOST_WORK)).map(textsOf);
    return { unposted: unposted ?? [], runnable: runnable ?? [], untold: untold ?? [] };
  }

  async expire(): Promise<readonly string[]> {
    const expired: string[] = [];
    for (;;) {
      const [ids, more] = listOf(await this.run(EXPIRE, MOST_EXPIRED));
      expired.push(...textsOf(ids));
      if (more !== 1) {
        return expired;
      }
    }
  }

  async abandon(query: {
    readonly clusters: readonly string[];
    readonly silentMs: number;
  }): Promise<readonly string[]> {
    return textsOf(await this.run(ABANDON, query.silentMs, MOST_OPEN, ...query.clusters));
  }

  async told(id: string, revision: number): Promise<void> {
    await this.run(REMEDIATION_TOLD, id, revision);
  }

  async list(query: {
    readonly open: boolean;
    readonly cluster?: string;
    readonly limit: number;
  }): Promise<readonly RemediationRecord[]> {
    const set = query.open ? 'open' : 'ended';
    const rows = listOf(await this.run(LIST_RECORDS, set, query.cluster ?? '', query.limit));
    return rows.flatMap((row) => {
      const [id, fields] = listOf(row);
      return this.record(textOf(id) ?? '', fields) ?? [];
    });
  }

  async stop({ scope, by, reason }: Omit<SwitchState, 'at'>): Promise<void> {
    const audit = switchAudit('stopped', { scope, by, detail: { reason } });
    const texts = [
      JSON.stringify({ by, reason }),
      JSON.stringify(audit),
      JSON.stringify({ reason: stopWords(reason), by }),
    ];
    await this.run(STOP, scope, ...texts, by, reason);
  }

  async resume(scope: string, by: string): Promise<boolean> {
    return this.did(RESUME, scope, JSON.stringify(switchAudit('resumed', { scope, by, detail: {} })));
  }

  async stopped(): Promise<readonly SwitchState[]> {
    const stops = fieldsOf(await this.redis.call('HGETALL', `${this.base}stops`));
    return [...stops].map(([scope, text]) => switchState(scope, text, this.logger));
  }

  async breakers(): Promise<readonly BreakerState[]> {
    return listOf(await this.run(BREAKERS)).map((row) => breakerState(textsOf(row)));
  }

  onChange(listener: (id: string) => void): () => void {
    return this.redis.listen(`${this.base}changes`, listener);
  }

  private record(id: string, reply: RedisReply | undefined): RemediationRecord | undefined {
    const fields = fieldsOf(reply);
    return fields.size === 0 ? undefined : remediationRecord(id, fields, this.logger);
  }

  private async did(script: RedisScript, ...args: readonly Argument[]): Promise<boolean> {
    return (await this.run(script, ...args)) === 1;
  }

  private async run(script: RedisScript, ...args: readonly Argument[]): Promise<RedisReply> {
    return this.redis.run(script, [this.base], [this.keepMs, ...args]);
  }
}
