import { readFile } from 'node:fs/promises';
import { actionOf } from '../../actions/registry.ts';
import type { Settings } from '../../config/settings.ts';
import type { Finding } from '../../core/diagnosis/finding.ts';
import { canReview } from '../../core/policy/can-review.ts';
import type { RemediationPolicy } from '../../core/policy/remediation-policy.ts';
import type { RemediationTimes } from '../../core/remediation/limits.ts';
import type { ExecutorSettings } from '../../usecases/remediation/executor-settings.ts';
import { ownNamespace } from '../own-namespace.ts';

const MINUTE_MS = 60_000;
/** What the stop file says while changes may be made. */
const RUN = 'run';

/** Whether anybody could approve what a finding offers, and Kubewhy can do it. */
export function canRepair(policy: RemediationPolicy, cluster: string, { remediation }: Finding): boolean {
  return (
    remediation !== undefined &&
    actionOf(remediation.action) !== undefined &&
    canReview(policy, { cluster, remediation })
  );
}

/** Whether anything can be changed at all. */
export function allowsChanges({ remediation }: Settings): boolean {
  return remediation.rules.length > 0;
}

/** Who may approve what, out of the settings file; the namespace that Kubewhy runs in is protected besides. */
export function remediationPolicy(
  { remediation }: Settings,
  own: string | undefined = ownNamespace(),
): RemediationPolicy {
  const { rules, identities, protectedNamespaces, freezes, limits, operators, sharedChannels, upgrades } = remediation;
  const isolated = own === undefined ? protectedNamespaces : [...protectedNamespaces, own];
  return { rules, identities, protectedNamespaces: isolated, freezes, limits, operators, sharedChannels, upgrades };
}

/** How long the parts of a change may take, out of the settings file. */
export function remediationTimes({ remediation: { times } }: Settings): RemediationTimes {
  return {
    proposalMs: times.proposalMinutes * MINUTE_MS,
    approvalMs: times.approvalMinutes * MINUTE_MS,
    leaseMs: times.leaseSeconds * 1000,
    verifyMs: times.verifyMinutes * MINUTE_MS,
  };
}

/** What an executor follows. `stop` is what the environment says against every change. */
export function executorSettings(settings: Settings, stop: string | undefined): ExecutorSettings {
  return {
    policy: remediationPolicy(settings),
    times: remediationTimes(settings),
    killSwitch: () => killSwitch(settings.remediation.stopFile, stop),
  };
}

/** Why nothing may be changed, or nothing. A file that cannot be read stops everything: nobody knows what it says. */
async function killSwitch(file: string | undefined, stop: string | undefined): Promise<string | undefined> {
  if (stop !== undefined) {
    return `the environment of the executor says stop: ${stop}`;
  }
  if (file === undefined) {
    return undefined;
  }
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) {
    return 'the stop file cannot be read';
  }
  return text.trim() === RUN ? undefined : 'the stop file does not say "run"';
}
