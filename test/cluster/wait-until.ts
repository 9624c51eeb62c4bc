import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE_MS = 240_000;
const LOOK_AGAIN_MS = 500;

/** Waits until something is so; throws with what was waited for. */
export async function waitUntil(what: string, look: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await look())) {
    if (Date.now() > end) {
      throw new Error(`waited in vain until ${what}`);
    }
    await pause(LOOK_AGAIN_MS);
  }
}
