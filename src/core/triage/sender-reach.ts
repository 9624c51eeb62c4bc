import { listWords } from '../facts/text.ts';
import { matchesPattern } from '../policy/namespace-pattern.ts';
import { governingNamespace } from '../subject/subject.ts';
import type { Alert } from './alert.ts';
import type { AlertTarget, MappedAlert } from './alert-target.ts';

/**
 * The alert with a fingerprint of its sender's own when that may not speak about everything, so that it neither ends nor
 * replaces what others tell: other fingerprints have no dot. `namespaces` as in `withinReach`.
 */
export function withOwnFingerprint(alert: Alert, namespaces: readonly string[]): Alert {
  return namespaces.includes('*') ? alert : { ...alert, fingerprint: `${alert.fingerprint}.${alert.sender}` };
}

/**
 * Takes from an alert what it is about when its sender may not speak about that: `namespaces` are names, in which `*`
 * stands for any characters; what is in no namespace, such as a node, needs the pattern `*`.
 */
export function withinReach(mapped: MappedAlert, namespaces: readonly string[]): MappedAlert {
  const reason = reasonOutOfReach(mapped.target, namespaces);
  return reason === undefined
    ? mapped
    : { ...mapped, target: { kind: 'unmapped', reason }, trail: [...mapped.trail, `not mapped, ${reason}`] };
}

function reasonOutOfReach(target: AlertTarget, namespaces: readonly string[]): string | undefined {
  if (namespaces.includes('*') || target.kind === 'ignored' || target.kind === 'unmapped') {
    return undefined;
  }
  const namespace = target.kind === 'object' ? governingNamespace(target.object) : '';
  const allowed = listWords(namespaces, 5);
  if (namespace === '') {
    return `it is about something in no namespace, and its sender may speak about ${allowed} only`;
  }
  return namespaces.some((pattern) => matchesPattern(pattern, namespace))
    ? undefined
    : `it is about the namespace ${namespace}, and its sender may speak about ${allowed} only`;
}
