import { z } from 'zod';
import type { NoteStore } from '../../ports/note-store.ts';
import type { Workspace } from '../../usecases/triage/triage-deps.ts';

const KEY = 'workspace';
/** Longer than any retention: without it nobody but a gateway knows for whom messages are. */
const KEEP_SECONDS = 400 * 86_400;
const workspaceSchema: z.ZodType<Workspace> = z.object({ team: z.string(), botUser: z.string() });

/** Tells the other processes for which workspace messages are. Throws STORE_UNAVAILABLE. */
export async function noteWorkspace(workspace: Workspace, notes: NoteStore): Promise<void> {
  await notes.write(KEY, JSON.stringify({ team: workspace.team, botUser: workspace.botUser }), KEEP_SECONDS);
}

/** Reads it once it is there; undefined while no gateway has told it. */
export function workspaceReader(notes: NoteStore): () => Promise<Workspace | undefined> {
  let known: Workspace | undefined;
  let readAt = 0;
  return async () => {
    if (known === undefined || performance.now() - readAt > REFRESH_MS) {
      const text = await notes.read(KEY);
      known = text === undefined ? undefined : workspaceSchema.safeParse(JSON.parse(text)).data;
      readAt = performance.now();
    }
    return known;
  };
}

/** The app may be installed into another workspace. */
const REFRESH_MS = 60_000;
