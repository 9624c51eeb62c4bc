import { isKubewhyError } from '../../core/errors/kubewhy-error.ts';
import type { TriageLease } from '../../ports/triage-store.ts';
import type { Told } from './tell-context.ts';
import { tellDigest } from './tell-digest.ts';
import { tellIncident } from './tell-incident.ts';
import type { TriageDeps, Workspace } from './triage-deps.ts';

/** What was told lately, by id: a parent message that changes often is told now and then. */
export type TellMemory = Map<string, Telling>;

interface Telling {
  /** When it was told last, in milliseconds of this machine. */
  readonly at: number;
  /** Whether all of it was told once, so that what is put is an edit. */
  readonly shown: boolean;
  /** How often it was edited without a quiet minute. */
  readonly edits: number;
  /** How often in a row it could not be told completely. */
  readonly tries: number;
}

/** Who tells. */
export interface Teller {
  readonly lease: TriageLease;
  readonly memory: TellMemory;
}

/** Between two edits of one parent message at first, when its cause becomes known. */
const EDIT_GAP_MS = 2000;
const QUICK_EDITS = 3;
/** Messages that change on and on share what may be edited in a minute; each has a thread in which more is edited. */
const SHARED_GAP_MS = 3000;
const MINUTE_MS = 60_000;
/** What waits for its parent to be posted is tried soon, and twice as late each time up to the most. */
const TRY_AFTER_MS = 300;
const MOST_TRY_AFTER_MS = 5000;
const MOST_REMEMBERED = 2000;
const NEVER: Telling = { at: 0, shown: false, edits: 0, tries: 0 };

/** Tells what changed; answers the ids of what could not be told completely yet. Throws STORE_UNAVAILABLE. */
export async function tellAll(
  { lease, memory }: Teller,
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
    if (isTooSoon(memory, id, now)) {
      rest.push(id);
      continue;
    }
    const told = await tell(id, { lease, workspace, deps, isFirstTry: (memory.get(id)?.tries ?? 0) === 0 });
    remember(memory, id, { ...told, now });
    if (!told.complete) {
      rest.push(id);
    }
  }
  return rest;
}

interface Try {
  readonly lease: TriageLease;
  readonly workspace: Workspace;
  readonly deps: TriageDeps;
  readonly isFirstTry: boolean;
}

/** What cannot be told must not keep others from being told. */
async function tell(id: string, { lease, workspace, deps, isFirstTry }: Try): Promise<Told> {
  try {
    return await (id.startsWith('d-') ? tellDigest : tellIncident)(id, { lease, workspace, deps });
  } catch (error) {
    if (isKubewhyError(error, 'STORE_UNAVAILABLE')) {
      throw error;
    }
    if (isFirstTry) {
      deps.logger.error('an incident could not be told', { incident: id, error });
    }
    return { put: false, complete: false };
  }
}

/** A clock that was set back makes nobody wait. */
function isTooSoon(memory: TellMemory, id: string, now: number): boolean {
  const told = memory.get(id);
  const sinceMs = now - (told?.at ?? 0);
  return told !== undefined && sinceMs >= 0 && sinceMs < gapOf(told, memory, now);
}

function gapOf({ shown, edits, tries }: Telling, memory: TellMemory, now: number): number {
  const tryAfterMs = tries === 0 ? 0 : Math.min(TRY_AFTER_MS * 2 ** (tries - 1), MOST_TRY_AFTER_MS);
  return shown ? Math.max(tryAfterMs, editGapOf(edits, memory, now)) : tryAfterMs;
}

function editGapOf(edits: number, memory: TellMemory, now: number): number {
  if (edits <= QUICK_EDITS) {
    return EDIT_GAP_MS;
  }
  const busy = [...memory.values()].filter((other) => other.edits > QUICK_EDITS && now - other.at < MINUTE_MS).length;
  return Math.min(Math.max(EDIT_GAP_MS, SHARED_GAP_MS * busy), MINUTE_MS);
}

function remember(memory: TellMemory, id: string, { put, complete, now }: Told & { readonly now: number }): void {
  const before = memory.get(id);
  if (before === undefined && !put && complete) {
    return;
  }
  const { at, shown, edits, tries } = before ?? NEVER;
  memory.delete(id);
  memory.set(id, {
    at: put || !complete ? now : at,
    shown: shown || complete,
    edits: (now - at < MINUTE_MS ? edits : 0) + Number(put && shown),
    tries: complete ? 0 : tries + 1,
  });
  const [oldest] = memory.keys();
  if (memory.size > MOST_REMEMBERED && oldest !== undefined) {
    memory.delete(oldest);
  }
}
