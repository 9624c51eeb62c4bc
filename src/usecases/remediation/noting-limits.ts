import { isKubewhyError } from '../../core/errors/kubewhy-error.ts';
import type { ExecutorDeps } from './remediation-deps.ts';

/** The same look-ups; when Slack answers again that did not answer because it was asked too often is added to `limits`, in milliseconds. */
export function notingLimits(people: ExecutorDeps['people'], limits: number[]): ExecutorDeps['people'] {
  const noted =
    <Found>(look: (id: string) => Promise<Found>) =>
    (id: string): Promise<Found> =>
      look(id).catch((error: unknown) => {
        const ms = isKubewhyError(error) ? error.context['retryAfterMs'] : undefined;
        limits.push(...(typeof ms === 'number' ? [ms] : []));
        throw error;
      });
  return {
    personNow: noted((user) => people.personNow(user)),
    placeNow: noted((channel) => people.placeNow(channel)),
    groupMembers: noted((group) => people.groupMembers(group)),
  };
}
