import { firstCause } from './cause-list.ts';
import type { Incident, IncidentEvent } from './incident.ts';
import { isSharedNodeKey } from './node-causes.ts';

/** The event that an incident has another first cause now; undefined when it has the same, or had none before. */
export function causeEvent(before: Incident, after: Incident, now: string): Omit<IncidentEvent, 'id'> | undefined {
  const [was, is] = [firstCause(before), firstCause(after)];
  if (was === undefined || is === undefined || was.key === is.key) {
    return undefined;
  }
  // The same trouble of a node, found on others as well.
  const isWider = was.code === is.code && isSharedNodeKey(is.key);
  return isWider ? undefined : { at: now, kind: 'cause', text: `The cause is another one: ${is.headline}.` };
}
