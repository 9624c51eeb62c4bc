import { type Alert, labelOf } from './alert.ts';
import type { TargetGroup } from './target-group.ts';

/** `KubeNamespaceTerminating`, `NamespaceStuckInTerminating`, `NamespaceDeletionStuck`. */
const NAME = /namespace.*(?:terminat|delet|stuck)|(?:terminat|delet|stuck).*namespace/i;

/**
 * Whether all that alerts say is in which namespace something is wrong. A namespace can be asked about when it is its
 * deletion that does not end; that it is well says nothing about what is in it.
 */
export function namesOnlyNamespace({ target, alerts }: TargetGroup): boolean {
  const isNamespace = target.kind === 'object' && target.object.kind === 'Namespace';
  return isNamespace && !alerts.some(({ alert }) => isAboutDeletion(alert));
}

/** kube-state-metrics puts the phase of a namespace into a label. */
function isAboutDeletion({ name, labels }: Alert): boolean {
  return NAME.test(name) || labelOf(labels, 'phase') === 'Terminating';
}
