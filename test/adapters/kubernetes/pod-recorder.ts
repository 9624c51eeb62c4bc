import type { JsonObject } from '../../../src/core/facts/json.ts';
import { nameOf } from '../../../src/core/recording/object-parts.ts';
import type { PodListener, PodWatchState } from '../../../src/ports/pod-watch.ts';

/** Keeps what a watch says. */
export class PodRecorder implements PodListener {
  /** `web-0`, `gone uid`, `listed`, `watching` and so on, in order. */
  readonly heard: string[] = [];
  readonly pods: JsonObject[] = [];
  readonly states: PodWatchState[] = [];
  serverTime: Date | undefined;
  readonly #waiting = new Set<() => void>();

  pod(pod: JsonObject): void {
    this.pods.push(pod);
    this.#add(nameOf(pod).name);
  }

  gone(uid: string): void {
    this.#add(`gone ${uid}`);
  }

  listed(serverTime: Date | undefined): void {
    this.serverTime = serverTime;
    this.#add('listed');
  }

  state(state: PodWatchState): void {
    this.states.push(state);
    this.#add(state.kind);
  }

  /** Waits until that was heard so many times. */
  hears(word: string, times = 1): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.heard.filter((one) => one === word).length >= times) {
          this.#waiting.delete(look);
          resolve();
        }
      };
      this.#waiting.add(look);
      look();
    });
  }

  #add(word: string): void {
    this.heard.push(word);
    for (const look of this.#waiting) {
      look();
    }
  }
}
