import type { TellContext, Told } from './tell-context.ts';

/**
 * Takes back a parent message that need not be shown any more and is not posted yet. One that is under way is looked at
 * again, since it will have to be edited. Throws STORE_UNAVAILABLE.
 */
export async function withdraw(
  { id, revision }: { readonly id: string; readonly revision: number },
  { lease, deps }: TellContext,
): Promise<Told> {
  const complete = await deps.outbox.withdraw(id);
  if (complete) {
    await deps.store.told(lease, id, revision);
  }
  return { put: false, complete };
}
