/** Something that may have happened while nobody waited; then the next wait ends at once. */
export class Signal {
  private raised = false;
  private release: (() => void) | undefined;

  raise(): void {
    this.raised = true;
    this.release?.();
  }

  /** Until it is raised, at most so many milliseconds. */
  async wait(ms: number): Promise<void> {
    if (!this.raised) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, ms);
      this.release = resolve;
      await promise;
      clearTimeout(timer);
    }
    this.raised = false;
  }
}
