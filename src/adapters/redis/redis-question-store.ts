import { randomUUID } from 'node:crypto';
import type { Feedback, Outcome, Question, QuestionRecord } from '../../core/question/question.ts';
import { feedbackSchema, outcomeSchema, questionSchema } from '../../core/question/question-schema.ts';
import type { SessionRecording } from '../../core/recording/recording.ts';
import type { Logger } from '../../ports/logger.ts';
import type { BeginResult, QuestionStore } from '../../ports/question-store.ts';
import {
  ABANDON,
  BEGIN,
  BEGIN_AGAIN,
  DELIVERED,
  FINISH,
  READ,
  SAVE_FEEDBACK,
  TAKE_BACK,
  UNANSWERED,
} from './question-scripts.ts';
import { packRecording, packText, unpackRecording, unpackText } from './recording-bytes.ts';
import type { RedisConnection, RedisReply } from './redis-connection.ts';
import { listOf, numberOf, textOf } from './redis-reply.ts';
import type { RedisScript } from './redis-script.ts';
import { parseStored } from './stored-value.ts';

/** What the store needs, and times that tests shorten. */
export interface RedisQuestionStoreOptions {
  readonly redis: RedisConnection;
  readonly logger: Logger;
  /** First part of every key. Default `kubewhy`. */
  readonly prefix?: string;
  /** How long questions, outcomes and recordings are kept. Default 7 days. */
  readonly keepMs?: number;
  /** After this a run that nobody answered does not count any more in its channel's line. Default 10 minutes. */
  readonly lineMs?: number;
}

const DAY_MS = 86_400_000;
const FEEDBACK_MS = 90 * DAY_MS;
const MOST_FEEDBACK = 500;
const MOST_UNANSWERED = 100;
/** How long the number of an abandoned first run is remembered; its job is long over by then. */
const FORGET_MS = 3_600_000;

/** Questions in Redis. */
export class RedisQuestionStore implements QuestionStore {
  private readonly redis: RedisConnection;
  private readonly logger: Logger;
  private readonly base: string;
  private readonly keepMs: number;
  private readonly lineMs: number;

  constructor(options: RedisQuestionStoreOptions) {
    this.redis = options.redis;
    this.logger = options.logger;
    this.base = `${options.prefix ?? 'kubewhy'}:{questions}:`;
    this.keepMs = options.keepMs ?? 7 * DAY_MS;
    this.lineMs = options.lineMs ?? 600_000;
  }

  async begin(question: Question): Promise<BeginResult> {
    const { cluster, replyTo } = question;
    return this.start(BEGIN, question, [this.key('line', cluster, replyTo.team, replyTo.channel)]);
  }

  async beginAgain(question: Question): Promise<BeginResult> {
    return this.start(BEGIN_AGAIN, question, []);
  }

  async abandon(id: string, run: number): Promise<void> {
    await this.runLate(ABANDON, id, run);
  }

  async read(id: string): Promise<QuestionRecord | undefined> {
    return this.record(listOf(await this.redis.run(READ, [this.key('record', id)], [id])));
  }

  async finish(id: string, run: number, outcome: Outcome, recording?: SessionRecording): Promise<void> {
    const bytes = recording === undefined ? '' : await packRecording(recording);
    const keys = [this.key('record', id), this.runKey('outcome', id, run), this.runKey('recording', id, run)];
    await this.redis.run(FINISH, keys, [id, run, await packText(JSON.stringify(outcome)), bytes, this.keepMs]);
  }

  async delivered(id: string, run: number): Promise<void> {
    await this.redis.run(DELIVERED, [this.key('record', id), this.key('open')], [id, run]);
  }

  async outcome(id: string, run: number): Promise<Outcome | undefined> {
    const bytes = await this.redis.readBytes(this.runKey('outcome', id, run));
    return parseStored(bytes === undefined ? null : await unpackText(bytes), outcomeSchema, {
      logger: this.logger,
      what: 'outcome',
      id,
    });
  }

  async recording(id: string, run: number): Promise<SessionRecording | undefined> {
    const bytes = await this.redis.readBytes(this.runKey('recording', id, run));
    const recording = bytes === undefined ? undefined : await unpackRecording(bytes);
    if (typeof recording === 'string') {
      this.logger.warn('recording cannot be given', { id, run, reason: recording });
      return undefined;
    }
    return recording;
  }

  async unanswered(olderThanMs: number): Promise<readonly QuestionRecord[]> {
    const keys = [this.key('open'), this.key('record', '')];
    const found = listOf(await this.redis.run(UNANSWERED, keys, [olderThanMs, MOST_UNANSWERED]));
    return found.flatMap((fields) => this.record(listOf(fields)) ?? []);
  }

  async saveFeedback(feedback: Feedback): Promise<void> {
    const { id, question, run } = feedback;
    const recording = this.runKey('recording', question.id, run);
    const keys = [this.key('feedback', id), this.key('feedbacks'), recording, this.key('feedback', '')];
    await this.redis.run(SAVE_FEEDBACK, keys, [id, JSON.stringify(feedback), FEEDBACK_MS, MOST_FEEDBACK]);
  }

  async feedback(): Promise<readonly Feedback[]> {
    const ids = listOf(await this.redis.call('ZRANGE', this.key('feedbacks'), 0, -1)).flatMap((id) => textOf(id) ?? []);
    if (ids.length === 0) {
      return [];
    }
    const texts = listOf(await this.redis.call('MGET', ...ids.map((id) => this.key('feedback', id))));
    return texts.flatMap((text, index) => {
      const log = { logger: this.logger, what: 'feedback', id: ids[index] ?? '' };
      return parseStored(textOf(text), feedbackSchema, log) ?? [];
    });
  }

  private async start(script: RedisScript, question: Question, line: readonly string[]): Promise<BeginResult> {
    const { id } = question;
    const attempt = randomUUID();
    const args = [id, JSON.stringify(question), this.keepMs, this.lineMs, attempt];
    try {
      return beginResult(await this.redis.run(script, [this.key('record', id), this.key('open'), ...line], args));
    } catch (error) {
      // A server that hangs may still begin it when it goes on, although nobody waits for it any more.
      void this.runLate(TAKE_BACK, id, attempt).catch(() => undefined);
      throw error;
    }
  }

  /**
   * With the whole text of the script: a server that hangs takes it behind what it was sent before, and nobody would
   * hear its answer that it does not know the script.
   */
  private async runLate(script: RedisScript, id: string, which: string | number): Promise<void> {
    const keys = [this.key('record', id), this.key('open')];
    await this.redis.call('EVAL', script.lua, keys.length, ...keys, id, which, FORGET_MS);
  }

  /** Fields in the order id, question, run, runAt, answered, age; none when there is no record. */
  private record(fields: readonly RedisReply[]): QuestionRecord | undefined {
    const [id, text, run, runAt, answered, age] = fields;
    const log = { logger: this.logger, what: 'question', id: textOf(id) ?? '' };
    const question = parseStored(textOf(text), questionSchema, log);
    return question === undefined
      ? undefined
      : {
          question,
          run: numberOf(run),
          runAt: new Date(numberOf(runAt)).toISOString(),
          runAgeMs: Math.max(0, numberOf(age)),
          answeredRun: numberOf(answered),
        };
  }

  private key(...parts: readonly string[]): string {
    return this.base + parts.join(':');
  }

  private runKey(what: 'outcome' | 'recording', id: string, run: number): string {
    return this.key(what, id, String(run));
  }
}

function beginResult(reply: RedisReply): BeginResult {
  const [kind, run, position] = listOf(reply);
  switch (kind) {
    case 'begun':
      return { kind, run: numberOf(run), position: numberOf(position) };
    case 'busy':
      return { kind, run: numberOf(run) };
    default:
      return { kind: 'unknown' };
  }
}
