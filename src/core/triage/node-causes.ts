import { isFound, joinCauses } from './cause-list.ts';
import type { Incident, IncidentCause } from './incident.ts';
import { isNodeKey } from './root-key.ts';
import { type Draft, openIncidents, putIncident } from './triage-state.ts';

/** From so many nodes with the same trouble on it is one trouble. */
const SHARED_FROM = 3;
const FOLLOWS = { follows: true } as const;
const SUBJECT = /^(?:Node \S+(?:, likely)?|\d+ nodes?): /;

/** The key of what troubles several nodes in the same way. */
export function sharedNodeKey(code: string): string {
  return `nodes ${code}`;
}

/**
 * Gives nodes with the same trouble the same cause, so that their incidents become one, and with them those of objects
 * that are ill because of such a node.
 */
export function shareNodeCauses(draft: Draft): void {
  const open = openIncidents(draft);
  const shared = sharedNodes(open);
  for (const incident of open) {
    const keys = [...incident.causes, ...incident.roots].map((one) => ('look' in one ? one.cause : one.key));
    const codes = new Map(
      keys.flatMap((key) => {
        const code = shared.get(`${incident.cluster}\n${key}`);
        return key === undefined || code === undefined ? [] : [[key, code] as const];
      }),
    );
    if (codes.size > 0) {
      putIncident(draft, renamed(incident, codes));
    }
  }
  countNodes(draft);
}

/** Nodes that have the same trouble as others, with its code. */
function sharedNodes(open: readonly Incident[]): ReadonlyMap<string, string> {
  const groups = new Map<string, NodeCause[]>();
  for (const found of open.flatMap(nodeCauses)) {
    const name = `${found.cluster}\n${found.code}`;
    const group = groups.get(name) ?? [];
    group.push(found);
    groups.set(name, group);
  }
  const shared = [...groups.values()].filter((group) => new Set(group.map(({ key }) => key)).size >= SHARED_FROM);
  return new Map(shared.flat().map(({ cluster, key, code }) => [`${cluster}\n${key}`, code]));
}

/** Says in the headlines of shared causes how many nodes they are about. */
export function countNodes(draft: Draft): void {
  const counts = new Map<string, number>();
  const open = openIncidents(draft);
  for (const { cluster, roots } of open) {
    for (const { key, cause } of roots) {
      if (isNodeKey(key) && cause !== undefined) {
        counts.set(`${cluster}\n${cause}`, (counts.get(`${cluster}\n${cause}`) ?? 0) + 1);
      }
    }
  }
  for (const incident of open) {
    const causes = incident.causes.map((cause) => counted(cause, counts.get(`${incident.cluster}\n${cause.key}`)));
    if (causes.some((cause, index) => cause !== incident.causes[index])) {
      putIncident(draft, { ...incident, causes });
    }
  }
}

interface NodeCause {
  readonly cluster: string;
  /** Of the node. */
  readonly key: string;
  readonly code: string;
}

/** Nodes that are themselves to blame, with what was found. */
function nodeCauses({ cluster, roots, causes }: Incident): readonly NodeCause[] {
  const byKey = new Map(causes.filter(isFound).map((cause) => [cause.key, cause]));
  return roots
    .filter(({ key }) => isNodeKey(key))
    .flatMap(({ key, cause: caused = '' }) => {
      const cause = byKey.get(caused);
      return cause !== undefined && (cause.key === key || cause.key === sharedNodeKey(cause.code))
        ? [{ cluster, key, code: cause.code }]
        : [];
    });
}

function renamed(incident: Incident, codes: ReadonlyMap<string, string>): Incident {
  const rename = (key: string): string => {
    const code = codes.get(key);
    return code === undefined ? key : sharedNodeKey(code);
  };
  const causes = new Map<string, IncidentCause>();
  for (const cause of incident.causes) {
    const key = rename(cause.key);
    const other = causes.get(key);
    const moved = key === cause.key ? cause : { ...cause, key, ...(isNodeKey(cause.root) ? {} : FOLLOWS) };
    causes.set(key, other === undefined ? moved : joinCauses(other, moved));
  }
  const roots = incident.roots.map((root) =>
    root.cause !== undefined && codes.has(root.cause) ? { ...root, cause: rename(root.cause) } : root,
  );
  return { ...incident, roots, causes: [...causes.values()] };
}

function counted(cause: IncidentCause, count: number | undefined): IncidentCause {
  if (count === undefined || cause.key !== sharedNodeKey(cause.code)) {
    return cause;
  }
  const headline = `${count} node${count === 1 ? '' : 's'}: ${cause.headline.replace(SUBJECT, '')}`;
  return headline === cause.headline ? cause : { ...cause, headline, version: cause.version + 1 };
}
