import type { Logger } from '../../../ports/logger.ts';
import type { SeenStore } from '../../../ports/seen-store.ts';

/** Remembers signatures for as long as their stamp is believed. */
export interface ReplayGuard {
  /** True once for each signature, whichever gateway asks. Never throws. */
  firstTime(signature: string): Promise<boolean>;
  /** The next request with this signature counts as the first again. */
  forget(signature: string): void;
}

/** What a replay guard needs. */
export interface ReplayGuardDeps {
  readonly seen: SeenStore;
  readonly logger: Logger;
  /** Milliseconds to wait for the store before the memory of this process alone decides; 200 when absent. */
  readonly storeMs?: number;
}

// The stamp is believed for five minutes on either side.
const SECONDS = 660;
const MOST_REMEMBERED = 20_000;
const DEFAULT_STORE_MS = 200;

/** A replay guard that asks the memory of this process first and the shared store second. */
export function createReplayGuard(deps: ReplayGuardDeps): ReplayGuard {
  const remembered = new Map<string, number>();

  function rememberedNow(signature: string): boolean {
    const until = remembered.get(signature);
    return until !== undefined && until > Date.now();
  }

  function remember(signature: string): void {
    remembered.set(signature, Date.now() + SECONDS * 1000);
    const [oldest] = remembered.keys();
    if (remembered.size > MOST_REMEMBERED && oldest !== undefined) {
      remembered.delete(oldest);
    }
  }

  return {
    async firstTime(signature) {
      if (rememberedNow(signature)) {
        return false;
      }
      remember(signature);
      return await askStore(deps, signature);
    },
    forget(signature) {
      remembered.delete(signature);
      deps.seen.forget(storeKey(signature)).catch((error: unknown) => {
        deps.logger.warn('A signature could not be forgotten', { error });
      });
    },
  };
}

function storeKey(signature: string): string {
  return `slack-signature:${signature}`;
}

async function askStore(deps: ReplayGuardDeps, signature: string): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<true>((resolve) => {
    timer = setTimeout(() => resolve(true), deps.storeMs ?? DEFAULT_STORE_MS);
  });
  const asked = deps.seen.firstTime(storeKey(signature), SECONDS).catch((error: unknown) => {
    deps.logger.warn('Replays are checked in this process only: the store does not answer', { error });
    return true;
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
