import type { Incident, IncidentRoot } from './incident.ts';

/** Root objects that an incident keeps; those beyond are only counted. */
export const MOST_ROOTS = 500;

/** The root objects with one of them changed; the same list when it is not among them. */
export function changeRoot(
  roots: readonly IncidentRoot[],
  key: string,
  change: (root: IncidentRoot) => IncidentRoot,
): readonly IncidentRoot[] {
  const index = roots.findIndex((root) => root.key === key);
  const root = roots[index];
  return root === undefined ? roots : roots.with(index, change(root));
}

/** A root object without the cause it had, and what its answer said of it. */
export function withoutCause(root: IncidentRoot): IncidentRoot {
  const { cause: _, says: __, ...rest } = root;
  return rest;
}

/** Why an object was not asked about while its cluster could not be asked by anybody. */
export const NOBODY_ASKS = 'the diagnoser of the cluster does not answer';

/** The root objects, those to be looked at that nobody could ask about; the same list when there are none. */
export function askNow(roots: readonly IncidentRoot[]): readonly IncidentRoot[] {
  const isLeft = ({ query, reason }: IncidentRoot): boolean => query !== undefined && reason === NOBODY_ASKS;
  return roots.some(isLeft)
    ? roots.map((root) => (isLeft(root) ? { ...withoutReason(root), look: 'waiting' } : root))
    : roots;
}

/** A root object without the reason why it was not asked about. */
export function withoutReason(root: IncidentRoot): IncidentRoot {
  const { reason: _, ...rest } = root;
  return rest;
}

/** Root objects to be looked at anew, as far as they can be. */
export function lookAgain(roots: readonly IncidentRoot[]): readonly IncidentRoot[] {
  return roots.map((root) => (root.query === undefined ? root : { ...withoutReason(root), look: 'waiting' }));
}

/**
 * Whether the newest look at every root object of which alerts fire found nothing wrong. One that was left out counts
 * only beside one that stands like it and is well; what could not be looked at never does.
 */
export function isWell({ roots, rootsBeyond }: Incident): boolean {
  const firing = roots.filter((root) => root.firing > 0);
  const well = firing.filter(({ look, cause }) => look === 'done' && cause === undefined);
  const known = new Set(well.map(({ signature }) => signature));
  return (
    rootsBeyond === 0 &&
    well.length > 0 &&
    firing.every(
      (root) =>
        well.includes(root) || (root.look === 'left-out' && root.cause === undefined && known.has(root.signature)),
    )
  );
}
