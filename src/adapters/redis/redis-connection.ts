import { Redis } from 'ioredis';
import type { Logger } from '../../ports/logger.ts';
import { redisFailure } from './redis-failure.ts';
import type { RedisScript } from './redis-script.ts';

/** How to reach one Redis server. */
export interface RedisConnectionOptions {
  /** `redis://` or `rediss://`, with user, password, port and database as needed. */
  readonly url: string;
  readonly logger: Logger;
  /** A command that has no reply by then fails. Default 2,000 ms. */
  readonly commandTimeoutMs?: number;
  /** How long `ready` waits. Default 2,500 ms. */
  readonly readyTimeoutMs?: number;
}

/** Answers of the server: the protocol, as the client is set up, has no other shapes. */
export type RedisReply = string | number | null | readonly RedisReply[];

const COMMAND_TIMEOUT_MS = 2000;
const READY_TIMEOUT_MS = 2500;
/** A connection that is silent for so long while a reply is due is given up: its other end may be gone for good. */
const SOCKET_TIMEOUT_MS = 5000;

/** One connection that fails fast while it is down and comes back by itself. Every method throws STORE_UNAVAILABLE. */
export class RedisConnection {
  /** Host and port, without credentials. */
  readonly server: string;
  private readonly redis: Redis;
  private readonly logger: Logger;
  private readonly readyTimeoutMs: number;
  private lastError: string | undefined;
  private closed = false;

  constructor(options: RedisConnectionOptions) {
    this.server = serverName(options.url);
    this.logger = options.logger.child({ server: this.server });
    this.readyTimeoutMs = options.readyTimeoutMs ?? READY_TIMEOUT_MS;
    this.redis = new Redis(options.url, {
      enableOfflineQueue: false,
      commandTimeout: options.commandTimeoutMs ?? COMMAND_TIMEOUT_MS,
      socketTimeout: SOCKET_TIMEOUT_MS,
      // A command whose connection broke is not sent a second time: it may have had its effect, and the caller must know.
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      retryStrategy: (attempt) => Math.min(200 * attempt, 2000),
    });
    this.watch();
  }

  /** Waits until commands can be sent. */
  async ready(): Promise<void> {
    if (this.isReady()) {
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => reject(new Error('Command timed out')), this.readyTimeoutMs);
    this.redis.once('ready', resolve);
    try {
      await promise;
    } catch (error) {
      throw redisFailure(this.lastError ?? error, this.server, this.lastError);
    } finally {
      clearTimeout(timer);
      this.redis.off('ready', resolve);
    }
  }

  /** Whether commands can be sent now. */
  isReady(): boolean {
    return this.redis.status === 'ready';
  }

  /** Runs a script as one step; the server gets its text only when it does not know it. */
  async run(script: RedisScript, keys: readonly string[], args: readonly Argument[] = []): Promise<RedisReply> {
    const reply = await this.attempt(async () => {
      const rest = [keys.length, ...keys, ...args] as const;
      try {
        return await this.redis.call('EVALSHA', script.sha, ...rest);
      } catch (error) {
        if (error instanceof Error && error.message.startsWith('NOSCRIPT')) {
          return this.redis.call('EVAL', script.lua, ...rest);
        }
        throw error;
      }
    });
    return reply as RedisReply;
  }

  /** Sends one command. */
  async call(command: string, ...args: readonly Argument[]): Promise<RedisReply> {
    const reply = await this.attempt(() => this.redis.call(command, ...args));
    return reply as RedisReply;
  }

  /** Reads bytes that are no text. */
  async readBytes(key: string): Promise<Buffer | undefined> {
    const bytes = await this.attempt(() => this.redis.getBuffer(key));
    return bytes ?? undefined;
  }

  /**
   * Listens to a channel on a connection of its own, which comes back by itself; messages in between are lost.
   * Returns how to stop.
   */
  listen(channel: string, listener: (message: string) => void): () => void {
    const subscriber = this.redis.duplicate({ autoResubscribe: false });
    subscriber.on('error', ignore);
    subscriber.on('message', (_channel: string, message: string) => listener(message));
    subscriber.on('ready', () => {
      subscriber.subscribe(channel).catch(ignore);
    });
    return () => subscriber.disconnect();
  }

  /** Ends the connection; what is under way fails. */
  close(): void {
    this.closed = true;
    this.redis.disconnect();
  }

  private async attempt<T>(send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      throw redisFailure(error, this.server, this.lastError);
    }
  }

  /** One line for each outage and one for its end; the client itself reports every attempt. */
  private watch(): void {
    this.redis.on('error', (error: Error) => {
      if (this.lastError === undefined) {
        this.logger.warn('redis connection lost', { reason: connectionError(error) });
      }
      this.lastError = connectionError(error);
    });
    this.redis.on('close', () => {
      if (this.lastError === undefined && !this.closed) {
        this.logger.warn('redis connection lost', { reason: 'closed by the server' });
        this.lastError = 'closed by the server';
      }
    });
    this.redis.on('ready', () => {
      if (this.lastError !== undefined) {
        this.logger.info('redis connection is back');
      }
      this.lastError = undefined;
    });
  }
}

/** What a command carries besides its name. */
export type Argument = string | number | Buffer;

/** The first connection reports the same trouble. */
function ignore(): void {}

/** Several addresses of one name give an error without a message of its own. */
function connectionError(error: Error): string {
  if (error.message !== '') {
    return error.message;
  }
  return 'code' in error ? String(error.code) : error.name;
}

function serverName(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null ? 'an address that is no URL' : `${parsed.hostname}:${parsed.port || '6379'}`;
}
