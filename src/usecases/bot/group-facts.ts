import { isKubewhyError } from '../../core/errors/kubewhy-error.ts';
import type { GroupFact } from '../../core/policy/incident-policy.ts';
import type { BotDeps } from './bot-deps.ts';

/** Who is in groups, as of now. A group that cannot be looked up has no members; the others still count. */
export async function groupFacts(
  groups: readonly string[],
  { people, logger }: Pick<BotDeps, 'people' | 'logger'>,
): Promise<readonly GroupFact[]> {
  return Promise.all(
    groups.map(async (group): Promise<GroupFact> => {
      try {
        return { kind: 'members', group, members: await people.groupMembers(group) };
      } catch (error) {
        if (!isKubewhyError(error, 'CHAT_UNAVAILABLE')) {
          throw error;
        }
        logger.warn('a user group could not be looked up', { group, error });
        const { code } = error.context;
        return { kind: 'unknown', group, reason: typeof code === 'string' ? code : 'no answer' };
      }
    }),
  );
}
