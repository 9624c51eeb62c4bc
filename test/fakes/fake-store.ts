import { KubewhyError } from '../../src/core/errors/kubewhy-error.ts';

/** What the in-memory stores share: a switch that makes every call fail as a Redis that is down. */
export abstract class FakeStore {
  /** While true, every call throws STORE_UNAVAILABLE. */
  down = false;

  protected check(): void {
    if (this.down) {
      throw new KubewhyError('STORE_UNAVAILABLE', { message: 'Redis at fake:6379 cannot be used: it is down.' });
    }
  }
}
