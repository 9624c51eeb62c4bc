import { isKubewhyError } from '../../core/errors/kubewhy-error.ts';
import type { ExecutorDeps } from './remediation-deps.ts';

const TRIES = 20;
const BETWEEN_MS = 1000;

/**
 * Asks the store again while it does not answer: what happened must be written down. Only for what may happen twice.
 * Throws STORE_UNAVAILABLE in the end.
 */
export async function insist<T>(write: () => Promise<T>, { pause }: Pick<ExecutorDeps, 'pause'>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await write();
    } catch (error) {
      if (tries >= TRIES || !isKubewhyError(error, 'STORE_UNAVAILABLE')) {
        throw error;
      }
      await pause(BETWEEN_MS);
    }
  }
}
