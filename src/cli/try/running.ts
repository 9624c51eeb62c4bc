/** Ends something that was started. */
export type Ending = () => Promise<void>;

/** Nobody waits longer for one part. */
const LONGEST_ENDING_MS = 6000;

/** What has been started, to be ended in the opposite order. */
export class Running {
  readonly #endings: Ending[] = [];
  #stopped = false;

  /** What is added after the end is ended at once: a start may still be under way. */
  add(ending: Ending): void {
    if (this.#stopped) {
      void end(ending);
      return;
    }
    this.#endings.push(ending);
  }

  /** Ends everything, however single parts fail. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const ending of this.#endings.splice(0).toReversed()) {
      await end(ending);
    }
  }
}

async function end(ending: Ending): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, LONGEST_ENDING_MS);
  try {
    await Promise.race([ending(), late.promise]);
  } catch {
    // The process ends anyway, and takes with it what did not end in order.
  } finally {
    clearTimeout(timer);
  }
}
