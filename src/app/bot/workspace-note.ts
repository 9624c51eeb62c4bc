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
      known = parsed(await notes.read(KEY));
      readAt = performance.now();
    }
    return known;
  };
}

function parsed(text: string | undefined): Workspace | undefined {
  try {
    return workspaceSchema.safeParse(JSON.parse(text ?? '')).data;
  } catch {
    return undefined;
  }
}

/** The app may be installed into another workspace. */
const REFRESH_MS = 60_000;
