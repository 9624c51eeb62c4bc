import { blamedBy, isActive, joinCauses } from './cause-list.ts';
import type { Incident, IncidentCause, IncidentRoot } from './incident.ts';
import { changeRoot, withoutCause, withoutReason } from './incident-roots.ts';
import type { LookVerdict } from './look-verdict.ts';
import { isSharedNodeKey } from './node-causes.ts';

/** The incident after one of its root objects was looked at. `now` is RFC 3339. */
export function applyVerdict(incident: Incident, root: IncidentRoot, verdict: LookVerdict, now: string): Incident {
  switch (verdict.kind) {
    case 'cause':
      return blamed(incident, root, verdict.cause, now);
    case 'well':
      return well(incident, root, verdict.headline, now);
    case 'failed':
      return failed(incident, root, verdict.reason);
  }
}

type NewCause = Extract<LookVerdict, { kind: 'cause' }>['cause'];

/** What troubles a node, or what is on it, may be known to trouble several. */
function sharedWithNodes({ causes, roots }: Incident, root: IncidentRoot, cause: NewCause): NewCause {
  const known = causes.find(({ key }) => key === root.cause);
  if (known === undefined || known.code !== cause.code || !isSharedNodeKey(blamedBy(known))) {
    return cause;
  }
  const node = roots.find(({ key }) => key === blamedBy(cause));
  if (node?.cause !== blamedBy(known)) {
    return cause;
  }
  const { blames: _, ...rest } = cause;
  return known.blames === undefined
    ? { ...rest, key: known.key, headline: known.headline }
    : { ...cause, key: known.key, blames: known.blames };
}

function blamed(incident: Incident, root: IncidentRoot, found: NewCause, now: string): Incident {
  const cause = sharedWithNodes(incident, root, found);
  const roots = changeRoot(incident.roots, root.key, (one) => ({
    ...withoutReason(one),
    look: 'done',
    cause: cause.key,
    says: found.headline,
  }));
  const left = root.cause === cause.key ? roots : withoutAnswer({ ...incident, roots }, root);
  return { ...incident, roots: left, causes: upserted(incident, cause, now) };
}

function upserted(incident: Incident, cause: NewCause, now: string): readonly IncidentCause[] {
  const index = incident.causes.findIndex(({ key }) => key === cause.key);
  const known = incident.causes[index];
  if (known === undefined) {
    return [...incident.causes, { ...cause, at: now, version: 1 }];
  }
  const isItsAnswer = known.root === cause.root || !isActive(known, incident);
  const answer = { ...cause, at: now, version: known.version };
  return incident.causes.with(index, isItsAnswer ? newer(known, answer) : joinCauses(known, answer));
}

function newer(known: IncidentCause, answer: IncidentCause): IncidentCause {
  const isSame = known.headline === answer.headline && known.state === answer.state && known.code === answer.code;
  return isSame ? answer : { ...answer, version: known.version + 1 };
}

function well(incident: Incident, root: IncidentRoot, headline: string, now: string): Incident {
  const roots = changeRoot(incident.roots, root.key, (one) => ({
    ...withoutCause(withoutReason(one)),
    look: 'done',
  }));
  const known = incident.causes.find(({ state, root: of }) => state === 'healthy' && of === root.key);
  const answer: IncidentCause = {
    key: root.key,
    code: '',
    headline,
    state: 'healthy',
    root: root.key,
    at: now,
    version: known === undefined || known.headline === headline ? (known?.version ?? 1) : known.version + 1,
  };
  // Something found under the same key says what was wrong; it is tidied away when something else is known.
  const others = incident.causes.filter((cause) => cause !== known);
  const isTaken = others.some(({ key, state }) => key === root.key && state !== 'unknown');
  return {
    ...incident,
    roots: withoutAnswer({ ...incident, roots }, root),
    causes: isTaken ? others : [...others.filter(({ key }) => key !== root.key), answer],
  };
}

/** Where the object that answered for a cause has another one by now, the others may have, too: they are looked at again. */
function withoutAnswer({ roots, causes }: Incident, root: IncidentRoot): readonly IncidentRoot[] {
  const answered = causes.find(({ key }) => key === root.cause);
  return answered?.root !== root.key
    ? roots
    : roots.map((one) =>
        one.cause === answered.key && one.key !== root.key && one.query !== undefined
          ? { ...one, look: 'waiting' }
          : one,
      );
}

/** What was known before stays known. */
function failed(incident: Incident, root: IncidentRoot, reason: string): Incident {
  const isKnown = root.look === 'done' || (root.look === 'left-out' && root.cause !== undefined);
  return isKnown
    ? incident
    : {
        ...incident,
        roots: changeRoot(incident.roots, root.key, (one) => ({ ...one, look: 'impossible', reason })),
      };
}
