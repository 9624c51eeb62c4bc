import { KubewhyError } from '../../src/core/errors/kubewhy-error.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { NoteStore } from '../../src/ports/note-store.ts';
import { FakeStore } from './fake-store.ts';

/** Notes in memory. */
export class FakeNoteStore extends FakeStore implements NoteStore {
  readonly #clock: Clock;
  readonly #notes = new Map<string, { readonly value: string; readonly until: number }>();

  constructor(clock: Clock) {
    super();
    this.#clock = clock;
  }

  async read(key: string): Promise<string | undefined> {
    this.check();
    const note = this.#notes.get(key);
    return note !== undefined && note.until > this.#clock.now().getTime() ? note.value : undefined;
  }

  async write(key: string, value: string, seconds: number): Promise<void> {
    this.check();
    if (Buffer.byteLength(value) > 4096) {
      throw new KubewhyError('BUG', { message: 'A note is larger than 4 KiB.', context: { key } });
    }
    this.#notes.set(key, { value, until: this.#clock.now().getTime() + seconds * 1000 });
  }
}
