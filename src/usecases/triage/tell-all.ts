import type { TriageLease } from '../../ports/triage-store.ts';
import { tellDigest } from './tell-digest.ts';
import { tellIncident } from './tell-incident.ts';
import type { TriageDeps } from './triage-deps.ts';

/** When each parent message was put last, in milliseconds of this machine: one that changes often is told now and then. */
export type TellMemory = Map<string, number>;

/** Who tells. */
export interface Telling {
  readonly lease: TriageLease;
  readonly memory: TellMemory;
}

/** Between two edits of one parent message. */
const EDIT_GAP_MS = 2000;
const MOST_REMEMBERED = 2000;

/** Tells what changed; answers the ids of what could not be told completely yet. Throws STORE_UNAVAILABLE. */
export async function tellAll(
  { lease, memory }: Telling,
  ids: readonly string[],
  deps: TriageDeps,
): Promise<readonly string[]> {
  const workspace = ids.length === 0 ? undefined : await deps.workspace();
  if (workspace === undefined) {
    return ids;
  }
  const rest: string[] = [];
  for (const id of ids) {
    const now = deps.clock.now().getTime();
    if (now - (memory.get(id) ?? 0) < EDIT_GAP_MS) {
      rest.push(id);
      continue;
    }
    const tell = id.startsWith('d-') ? tellDigest : tellIncident;
    const told = await tell(id, { lease, workspace, deps });
    if (told.put) {
      remember(memory, id, now);
    }
    if (!told.complete) {
      rest.push(id);
    }
  }
  return rest;
}

function remember(memory: TellMemory, id: string, now: number): void {
  memory.delete(id);
  memory.set(id, now);
  const [oldest] = memory.keys();
  if (memory.size > MOST_REMEMBERED && oldest !== undefined) {
    memory.delete(oldest);
  }
}
