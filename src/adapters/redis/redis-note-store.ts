import { KubewhyError } from '../../core/errors/kubewhy-error.ts';
import type { NoteStore } from '../../ports/note-store.ts';
import type { RedisConnection } from './redis-connection.ts';
import { textOf } from './redis-reply.ts';

const LARGEST_BYTES = 4096;

/** Notes in Redis. */
export class RedisNoteStore implements NoteStore {
  private readonly redis: RedisConnection;
  private readonly base: string;

  constructor(redis: RedisConnection, prefix = 'kubewhy') {
    this.redis = redis;
    this.base = `${prefix}:{notes}:`;
  }

  async read(key: string): Promise<string | undefined> {
    return textOf(await this.redis.call('GET', this.base + key)) ?? undefined;
  }

  async write(key: string, value: string, seconds: number): Promise<void> {
    if (Buffer.byteLength(value) > LARGEST_BYTES) {
      throw new KubewhyError('BUG', { message: 'A note is larger than 4 KiB.', context: { key } });
    }
    await this.redis.call('SET', this.base + key, value, 'EX', seconds);
  }
}
