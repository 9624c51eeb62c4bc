import type { CallRecord, EphemeralRecord, FileRecord, MessageRecord, ViewRecord } from './records.ts';

/** Something that happened in the workspace. */
export type Change =
  | { readonly kind: 'message' | 'message_changed' | 'message_deleted'; readonly message: MessageRecord }
  | { readonly kind: 'ephemeral' | 'ephemeral_changed'; readonly message: EphemeralRecord }
  | { readonly kind: 'view_opened' | 'view_updated' | 'home'; readonly view: ViewRecord }
  | { readonly kind: 'view_closed'; readonly view: ViewRecord; readonly below?: ViewRecord }
  | { readonly kind: 'file'; readonly file: FileRecord }
  | { readonly kind: 'call'; readonly call: CallRecord }
  | { readonly kind: 'notice'; readonly user: string; readonly channel?: string; readonly text: string }
  | { readonly kind: 'sockets' };

type Listener = (change: Change) => void;

/** Tells listeners about every change, in order and at once. */
export class Changes {
  private readonly listeners = new Set<Listener>();

  emit(change: Change): void {
    for (const listener of Array.from(this.listeners)) {
      listener(change);
    }
  }

  /** Returns the function that ends the subscription. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Resolves with what `probe` returns as soon as that is neither `undefined` nor `false`; it is asked now and after
   * every change. Rejects after `milliseconds`.
   */
  waitFor<T>(probe: () => T | undefined | false, milliseconds: number): Promise<T> {
    return new Promise((resolve, reject) => {
      const first = probe();
      if (first !== undefined && first !== false) {
        resolve(first);
        return;
      }
      const stop = this.listen(() => {
        const found = probe();
        if (found !== undefined && found !== false) {
          clearTimeout(timer);
          stop();
          resolve(found);
        }
      });
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`slack-sim: what was waited for did not happen within ${milliseconds} ms`));
      }, milliseconds);
    });
  }
}
