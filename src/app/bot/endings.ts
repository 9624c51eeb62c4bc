import type { Logger } from '../../ports/logger.ts';

/** After this a service that was told to end is ended by force. */
export const HARD_STOP_MS = 30_000;

/**
 * In which order the parts of a bot end, and for how many milliseconds each stage is waited for; all of them together end
 * before the bot is ended by force. Nothing new comes in first; then the diagnoses that run end; what they answered is
 * sent at last.
 */
export const STAGES = { settings: 500, intake: 5500, diagnosers: 11_000, sending: 10_500, rest: 1000 } as const;

type Stage = keyof typeof STAGES;
type End = () => Promise<void>;

/** What has to be ended. */
export interface Endings {
  add(stage: Stage, end: End): void;
  /** The same for a part, if there is one. */
  addPart(stage: Stage, part: { stop(): Promise<void> } | undefined): void;
  /** Ends everything once, stage by stage, the last that was added first. Never rejects. */
  run(): Promise<void>;
}

/** Nothing to end yet; `stages` are those of above unless a test has less time. */
export function createEndings(logger: Logger, stages: Readonly<Record<Stage, number>> = STAGES): Endings {
  const all: { readonly stage: Stage; readonly end: End }[] = [];
  const add = (stage: Stage, end: End): void => {
    all.unshift({ stage, end });
  };
  return {
    add,
    addPart(stage, part) {
      if (part !== undefined) {
        add(stage, () => part.stop());
      }
    },
    async run() {
      const ends = all.splice(0);
      for (const stage of Object.keys(stages) as Stage[]) {
        const mine = ends.filter((ending) => ending.stage === stage).map(({ end }) => end);
        await atMost(stages[stage], inTurn(mine, logger), () => logger.warn('a part did not end in time', { stage }));
      }
    },
  };
}

async function inTurn(ends: readonly End[], logger: Logger): Promise<void> {
  for (const end of ends) {
    await end().catch((error: unknown) => logger.warn('a part could not be closed in order', { error }));
  }
}

async function atMost(ms: number, task: Promise<void>, late: () => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    late();
    resolve();
  }, ms);
  await Promise.race([task, promise]);
  clearTimeout(timer);
}
