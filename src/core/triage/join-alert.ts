import { listWords, oneLine, shorten } from '../facts/text.ts';
import { labelOf } from './alert.ts';
import type { Incident, IncidentRoot } from './incident.ts';
import { earlier, growFields, plausibleStart, sharedReach, worseSeverity } from './incident-fields.ts';
import { changeRoot, MOST_ROOTS, withoutReason } from './incident-roots.ts';
import { isNodeKey } from './root-key.ts';
import type { RootedAlert, RootOf } from './rooted-alert.ts';

const LONGEST_SIGNATURE = 200;
const LONGEST_NAME = 80;
const SHOWN_NAMES = 3;

/** How an alert comes to its incident. */
export interface Joining {
  /** RFC 3339. */
  readonly now: string;
  /** Whether its root object was counted in it already. */
  readonly isKnown: () => boolean;
}

/** What an alert says about an incident, without counting it; the very same incident when that is nothing new. */
export function joinAlert(incident: Incident, { pending, root }: RootedAlert, joining: Joining): Incident {
  const { alert } = pending;
  const { name, labels, startsAt } = alert.mapped.alert;
  const grown = growFields(incident, {
    names: [name],
    owners: alert.owner === undefined ? [] : [alert.owner],
    mentions: alert.mention === undefined ? [] : [alert.mention],
    notes: [...alert.notes, ...root.notes],
  });
  const began = plausibleStart(startsAt, joining.now);
  const rooted = withRoot(incident, { root, name, began, isKnown: joining.isKnown });
  const joined: Incident = {
    ...(alert.muted === undefined ? withoutMute(rooted) : rooted),
    ...grown,
    severity: worseSeverity(incident.severity, labelOf(labels, 'severity') ?? ''),
    readable: sharedReach(incident.readable, alert.readable),
    since: earlier(incident.since, plausibleStart(startsAt, incident.openedAt)),
  };
  return isSame(incident, joined) ? incident : { ...joined, changedAt: joining.now };
}

/** Names of alerts as a sentence shows them. */
export function alertWords(names: readonly string[]): string {
  const words = names.map((name) => (name === '' ? 'an alert without a name' : shorten(oneLine(name), LONGEST_NAME)));
  return words.length === 0 ? 'an alert' : listWords(words, SHOWN_NAMES);
}

function withoutMute(incident: Incident): Incident {
  const { muted: _, ...rest } = incident;
  return rest;
}

function isSame(before: Incident, after: Incident): boolean {
  const { roots, rootsBeyond, muted, severity, readable, since } = after;
  const lists = ['names', 'owners', 'mentions', 'notes'] as const;
  return (
    before.roots === roots &&
    before.rootsBeyond === rootsBeyond &&
    before.muted === muted &&
    before.severity === severity &&
    before.since === since &&
    before.readable === readable &&
    lists.every((list) => before[list].length === after[list].length)
  );
}

interface NewRoot {
  readonly root: RootOf;
  /** Of the alert, and when it began. */
  readonly name: string;
  readonly began: string;
  readonly isKnown: () => boolean;
}

function withRoot(incident: Incident, { root, name, began, isKnown }: NewRoot): Incident {
  const { roots, rootsBeyond } = incident;
  const old = roots.find(({ key }) => key === root.key);
  if (old !== undefined) {
    return { ...incident, roots: begun(askable(roots, old, root), old, began) };
  }
  if (roots.length >= MOST_ROOTS) {
    return isKnown() ? incident : { ...incident, rootsBeyond: rootsBeyond + 1 };
  }
  return {
    ...incident,
    roots: [...roots, { ...newRoot(root, name), ...(isNodeKey(root.key) ? { since: began } : {}) }],
  };
}

/** What could not be asked about before can be now. */
function askable(roots: readonly IncidentRoot[], old: IncidentRoot, { key, query }: RootOf): readonly IncidentRoot[] {
  return old.query !== undefined || query === undefined
    ? roots
    : changeRoot(roots, key, (root) => ({ ...withoutReason(root), query, look: 'waiting' }));
}

/** A node of which nothing fired begins anew. */
function begun(roots: readonly IncidentRoot[], { key, since, firing }: IncidentRoot, began: string): typeof roots {
  const first = firing === 0 || since === undefined ? began : earlier(since, began);
  return isNodeKey(key) && first !== since ? changeRoot(roots, key, (root) => ({ ...root, since: first })) : roots;
}

function newRoot({ key, title, query, reason, stands = [] }: RootOf, name: string): IncidentRoot {
  const [kind = ''] = key.split(' ');
  const where = query === undefined ? kind : [kind, query.namespace].filter((word) => word !== '').join(' ');
  const base = {
    key,
    title,
    signature: shorten(oneLine([name, where, ...stands.toSorted()].join(' ')), LONGEST_SIGNATURE),
    firing: 0,
  };
  if (query === undefined) {
    return { ...base, look: 'impossible', reason: reason ?? 'nothing can be asked about it' };
  }
  return reason === undefined ? { ...base, query, look: 'waiting' } : { ...base, query, look: 'impossible', reason };
}
