import type { Logger } from '../../ports/logger.ts';
import type { NoteStore } from '../../ports/note-store.ts';
import type { Tier } from './messages/rendered-message.ts';

/** Remembers for a day which layout a workspace takes. Never throws. */
export interface LayoutMemory {
  /** `rich` until something else was remembered. */
  tier(team: string): Promise<Tier>;
  remember(team: string, tier: Tier): Promise<void>;
}

/** The layouts, richest first. */
export const TIERS = ['rich', 'classic', 'plain'] as const satisfies readonly Tier[];

const SECONDS = 24 * 60 * 60;
// Another gateway may have learned something since.
const READ_AGAIN_MS = 5 * 60 * 1000;

/** A layout memory over the shared notes, with what was read kept in this process for five minutes. */
export function createLayoutMemory(notes: NoteStore, logger: Logger): LayoutMemory {
  const known = new Map<string, { readonly tier: Tier; readonly until: number }>();

  function keep(team: string, tier: Tier): void {
    known.set(team, { tier, until: Date.now() + READ_AGAIN_MS });
  }

  return {
    async tier(team) {
      const kept = known.get(team);
      if (kept !== undefined && kept.until > Date.now()) {
        return kept.tier;
      }
      const tier = await readTier(notes, logger, team);
      keep(team, tier ?? kept?.tier ?? 'rich');
      return tier ?? kept?.tier ?? 'rich';
    },
    async remember(team, tier) {
      keep(team, tier);
      try {
        await notes.write(noteKey(team), tier, SECONDS);
      } catch (error) {
        logger.warn('The layout of a workspace is remembered in this process only', { team, error });
      }
    },
  };
}

function noteKey(team: string): string {
  return `slack-layout:${team}`;
}

/** Undefined when the notes cannot be read. */
async function readTier(notes: NoteStore, logger: Logger, team: string): Promise<Tier | undefined> {
  try {
    const note = await notes.read(noteKey(team));
    return TIERS.find((tier) => tier === note) ?? 'rich';
  } catch (error) {
    logger.warn('The layout of a workspace could not be read', { team, error });
    return undefined;
  }
}
