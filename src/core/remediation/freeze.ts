import { matchesPattern } from '../policy/namespace-pattern.ts';
import type { FreezeWindow } from '../policy/remediation-policy.ts';
import { muteAt } from '../triage/mute-window.ts';

/** What may be frozen. */
export interface FreezeQuestion {
  readonly cluster: string;
  /** Empty for what is in no namespace: a freeze of any namespace holds for it, since it may touch all of them. */
  readonly namespace: string;
  readonly now: Date;
}

/** The freeze that forbids a change now, as a sentence for people, or nothing. */
export function freezeReason(freezes: readonly FreezeWindow[], question: FreezeQuestion): string | undefined {
  const found = freezes.find((freeze) => covers(freeze, question) && muteAt(freeze.windows, question.now));
  return (
    found && `The freeze "${found.name}" is on: nothing is changed until it is over. Do it by hand if it cannot wait.`
  );
}

function covers({ clusters, namespaces }: FreezeWindow, { cluster, namespace }: FreezeQuestion): boolean {
  const inCluster = clusters === undefined || clusters.includes(cluster);
  const inNamespace =
    namespaces === undefined || namespace === '' || namespaces.some((pattern) => matchesPattern(pattern, namespace));
  return inCluster && inNamespace;
}
