import { EXIT } from '../exit-codes.ts';

/** How a process was told to end. */
export interface ToldToEnd {
  readonly code: number;
}

/** One Ctrl-C can arrive twice: from the terminal and from the process that started this one. */
const SAME_PRESS_MS = 1000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Resolves with the first signal to end; a second one ends the process without any order. */
export function wasToldToEnd(): Promise<ToldToEnd> {
  const { promise, resolve } = Promise.withResolvers<ToldToEnd>();
  let firstAt: number | undefined;
  const listen = () => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      resolve({ code: EXIT.healthy });
    } else if (performance.now() - firstAt > SAME_PRESS_MS) {
      process.exit(EXIT.interrupted);
    }
  };
  process.removeAllListeners('SIGINT');
  for (const signal of SIGNALS) {
    process.on(signal, listen);
  }
  return promise;
}
