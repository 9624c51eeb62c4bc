import { createHash } from 'node:crypto';
import type { JsonObject } from '../../core/facts/json.ts';
import { oneLine, shorten } from '../../core/facts/text.ts';
import { NODE_EVENTS } from '../../core/subject/kinds.ts';
import type { ClusterEvent } from '../../ports/cluster-writer.ts';

const COMPONENT = 'kubewhy';
/** Kubernetes takes 1,024 bytes; a character may need four of them. */
const LONGEST_MESSAGE = 250;

/** Where the Event about an object is stored; the API server wants those about cluster-scoped objects in `default`. */
export function eventNamespace({ involved }: ClusterEvent): string {
  return involved.namespace === '' ? NODE_EVENTS : involved.namespace;
}

/** The core/v1 Event. Its name follows from what it says, so that telling the same twice makes one Event. */
export function eventObject(event: ClusterEvent, now: Date): JsonObject {
  const { remediation, involved, type, reason, message } = event;
  const namespace = eventNamespace(event);
  const { namespace: own, ...object } = involved;
  const time = `${now.toISOString().slice(0, 19)}Z`;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: eventName(event), namespace, annotations: { 'kubewhy.dev/remediation': remediation } },
    involvedObject: own === '' ? object : { ...object, namespace: own },
    type,
    reason,
    message: shorten(oneLine(message), LONGEST_MESSAGE),
    source: { component: COMPONENT },
    reportingComponent: COMPONENT,
    reportingInstance: remediation,
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  };
}

function eventName({ remediation, involved, reason, message }: ClusterEvent): string {
  const told = JSON.stringify([remediation, involved.uid, involved.name, reason, message]);
  return `${COMPONENT}.${createHash('sha256').update(told).digest('hex').slice(0, 32)}`;
}
