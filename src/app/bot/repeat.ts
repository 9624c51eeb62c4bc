/** Something that is done again and again. */
export interface Repeating {
  /** Waits for a round that is running. */
  stop(): Promise<void>;
}

/** Does a task now and then again, the pause counted from the end of each round; a failure is reported and does not end it. */
export function repeat(task: () => Promise<void>, everyMs: number, failed: (error: unknown) => void): Repeating {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const round = (): void => {
    running = task()
      .catch(failed)
      .finally(() => {
        if (!stopped) {
          timer = setTimeout(round, everyMs);
        }
      });
  };
  round();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
