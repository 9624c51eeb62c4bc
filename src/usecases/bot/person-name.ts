import { isKubewhyError } from '../../core/errors/kubewhy-error.ts';
import { oneLine, shorten } from '../../core/facts/text.ts';
import type { BotDeps } from './bot-deps.ts';

const LONGEST = 80;

/** How others see a person, on one line; the ID when the chat system does not say. */
export async function nameOf(user: string, { people }: Pick<BotDeps, 'people'>): Promise<string> {
  try {
    const { name } = await people.person(user);
    const shown = shorten(oneLine(name ?? ''), LONGEST);
    return shown === '' ? user : shown;
  } catch (error) {
    if (!isKubewhyError(error, 'CHAT_UNAVAILABLE')) {
      throw error;
    }
    return user;
  }
}
