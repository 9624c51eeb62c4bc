import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';

/** Fills what becomes free again until it is stopped, which gives the keys. */
export function keepFull(client: Redis): { readonly reached: Promise<void>; stop(): Promise<readonly string[]> } {
  const keys: string[] = [];
  const stopping = new AbortController();
  const round = async (): Promise<void> => {
    keys.push(...(await fill(client, `junk-${keys.length}-`)));
  };
  const reached = round();
  const goOn = async (): Promise<void> => {
    await reached;
    while (!stopping.signal.aborted) {
      await round();
      await pause(10);
    }
  };
  const rounds = goOn();
  return {
    reached,
    async stop() {
      stopping.abort();
      await rounds;
      return keys;
    },
  };
}

/** Writes until nothing more is taken; returns the keys. */
export async function fill(client: Redis, prefix = 'junk-'): Promise<readonly string[]> {
  const keys: string[] = [];
  for (const bytes of [100_000, 10_000, 1000, 100]) {
    for (;;) {
      const key = `${prefix}${keys.length}`;
      try {
        await client.set(key, 'x'.repeat(bytes));
      } catch {
        break;
      }
      keys.push(key);
    }
  }
  return keys;
}
