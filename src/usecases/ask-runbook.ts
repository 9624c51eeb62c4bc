import type { ClusterReader, RunbookQuery, RunbookResult } from '../ports/cluster-reader.ts';

/** Asks a reader for the output of a runbook step; without a place for such steps the answer says so. */
export async function askRunbook(reader: ClusterReader, query: RunbookQuery): Promise<RunbookResult> {
  return (
    reader.runbook?.(query) ?? {
      kind: 'unreadable',
      why: 'unavailable',
      message: `could not run ${query.read}: no place for rbd and ceph commands is configured (only the bot can have one, a terminal has none)`,
    }
  );
}
