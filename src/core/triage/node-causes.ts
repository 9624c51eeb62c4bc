import { isFound, joinCauses } from './cause-list.ts';
import type { Incident, IncidentCause } from './incident.ts';
import { keyEntry } from './incident-keys.ts';
import { isNodeKey } from './root-key.ts';
import { type Draft, openIncidents, putIncident } from './triage-state.ts';

/** From so many nodes with the same trouble on it is one trouble. */
const SHARED_FROM = 3;
/** What begins on a node so long after it began on another one is not taken to be the same. */
const TOGETHER_MS = 15 * 60_000;
const SHOWN_NODES = 3;
const FOLLOWS = { follows: true } as const;
const SHARED = 'nodes ';
/** The key of a cause that blames a node: its own, or that of a trouble of something on it with the playbook. */
const OF_NODE = /^(Node \S+)(?: (\S+))?$/;

/** Whether a key is that of what troubles several nodes in the same way. */
export function isSharedNodeKey(key: string): boolean {
  return key.startsWith(SHARED);
}

/**
 * Gives nodes on which the same trouble began at about the same time the same cause, so that their incidents become one,
 * and with them those of objects that are ill because of such a node.
 */
export function shareNodeCauses(draft: Draft): void {
  const open = openIncidents(draft);
  const shared = sharedNodes(open);
  for (const incident of shared.size === 0 ? [] : open) {
    const keys = [...incident.causes, ...incident.roots].map((one) => ('look' in one ? one.cause : one.key));
    const names = new Map(keys.flatMap((key) => newName(incident, key, shared)));
    if (names.size > 0) {
      putIncident(draft, renamed(incident, names));
    }
  }
  countNodes(draft);
}

interface NodeCause {
  /** The cluster and channel. */
  readonly where: string;
  /** Of the node. */
  readonly key: string;
  readonly cause: string;
  readonly code: string;
  /** When the first of its alerts began. */
  readonly since: string;
}

/** What several nodes have in common, by where they are and their keys. */
function sharedNodes(open: readonly Incident[]): ReadonlyMap<string, string> {
  const groups = new Map<string, NodeCause[]>();
  for (const found of open.flatMap(nodeCauses)) {
    const name = `${found.where}${found.code}`;
    const group = groups.get(name) ?? [];
    group.push(found);
    groups.set(name, group);
  }
  const shared = [...groups.values()]
    .flatMap(waves)
    .filter((wave) => new Set(wave.map(({ key }) => key)).size >= SHARED_FROM);
  return new Map(
    shared.flatMap((wave) => {
      const key = keyOfWave(wave);
      return wave.map(({ where, key: node }) => [`${where}${node}`, key] as const);
    }),
  );
}

/** Splits nodes where for long nothing began. */
function waves(group: readonly NodeCause[]): readonly (readonly NodeCause[])[] {
  const found: NodeCause[][] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const one of group.toSorted((a, b) => Date.parse(a.since) - Date.parse(b.since))) {
    const at = Date.parse(one.since);
    const wave = at - last > TOGETHER_MS ? undefined : found.at(-1);
    if (wave === undefined) {
      found.push([one]);
    } else {
      wave.push(one);
    }
    last = at;
  }
  return found;
}

/** The same as before when there are more nodes. */
function keyOfWave(wave: readonly NodeCause[]): string {
  const known = wave.map(({ cause }) => cause).filter(isSharedNodeKey);
  const [first] = wave;
  return known.toSorted()[0] ?? `${SHARED}${first?.code ?? ''} ${first?.since ?? ''}`;
}

/** Nodes that are themselves to blame, with what was found. */
function nodeCauses({ cluster, channel, roots, causes, since: begun }: Incident): readonly NodeCause[] {
  const byKey = new Map(causes.filter(isFound).map((cause) => [cause.key, cause]));
  return roots
    .filter(({ key }) => isNodeKey(key))
    .flatMap(({ key, cause: caused = '', since = begun }) => {
      const cause = byKey.get(caused);
      return cause !== undefined && (caused === key || isSharedNodeKey(caused))
        ? [{ where: whereOf({ cluster, channel }), key, cause: caused, code: cause.code, since }]
        : [];
    });
}

function whereOf({ cluster, channel }: Pick<Incident, 'cluster' | 'channel'>): string {
  return `${cluster}\n${keyEntry(channel, '')}`;
}

/** The key of a cause, and the one that it gets because its node is one of several. */
function newName(
  incident: Incident,
  key: string | undefined,
  shared: ReadonlyMap<string, string>,
): readonly (readonly [string, string])[] {
  const [, node, code] = OF_NODE.exec(key ?? '') ?? [];
  const wave = node === undefined ? undefined : shared.get(`${whereOf(incident)}${node}`);
  return key === undefined || wave === undefined ? [] : [[key, code === undefined ? wave : `${wave} ${code}`]];
}

function renamed(incident: Incident, names: ReadonlyMap<string, string>): Incident {
  const causes = new Map<string, IncidentCause>();
  for (const cause of incident.causes) {
    const key = names.get(cause.key) ?? cause.key;
    const other = causes.get(key);
    const moved = key === cause.key ? cause : withName(cause, key);
    causes.set(key, other === undefined ? moved : joinCauses(other, moved));
  }
  const roots = incident.roots.map((root) => {
    const key = names.get(root.cause ?? '');
    return key === undefined ? root : { ...root, cause: key };
  });
  return { ...incident, roots, causes: [...causes.values()] };
}

function withName(cause: IncidentCause, key: string): IncidentCause {
  if (cause.blames !== undefined) {
    return { ...cause, key, blames: key.slice(0, -(cause.code.length + 1)) };
  }
  return { ...cause, key, ...(isNodeKey(cause.root) ? {} : FOLLOWS) };
}

/** Says in the headlines of shared causes which nodes they are about. */
export function countNodes(draft: Draft): void {
  const open = openIncidents(draft);
  const nodes = new Map<string, Set<string>>();
  for (const incident of open) {
    for (const { key, cause = '' } of incident.roots) {
      if (isNodeKey(key) && isSharedNodeKey(cause)) {
        const name = `${whereOf(incident)}${cause}`;
        nodes.set(name, (nodes.get(name) ?? new Set()).add(key));
      }
    }
  }
  for (const incident of nodes.size === 0 ? [] : open) {
    const causes = incident.causes.map((cause) => counted(cause, nodes.get(`${whereOf(incident)}${cause.key}`)));
    if (causes.some((cause, index) => cause !== incident.causes[index])) {
      putIncident(draft, { ...incident, causes });
    }
  }
}

/** Named after the playbook: the answer of one node has the details of that node. */
function counted(cause: IncidentCause, nodes: ReadonlySet<string> | undefined): IncidentCause {
  if (nodes === undefined || cause.blames !== undefined) {
    return cause;
  }
  const names = [...nodes].map((key) => key.slice('Node '.length));
  const more = names.length > SHOWN_NODES ? ` +${names.length - SHOWN_NODES}` : '';
  const what = `${cause.title ?? cause.code}: ${names.slice(0, SHOWN_NODES).join(', ')}${more}`;
  const headline = `${names.length} node${names.length === 1 ? '' : 's'}: ${what}`;
  return headline === cause.headline ? cause : { ...cause, headline, version: cause.version + 1 };
}
