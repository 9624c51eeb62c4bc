import { governedNamespace } from '../../core/policy/decide-remediation.ts';
import { freezeReason } from '../../core/remediation/freeze.ts';
import type { RemediationPlan } from '../../core/remediation/remediation.ts';
import { countNodes, stormReason } from '../../core/remediation/storm-brake.ts';
import { alertStormReason, apiStormReason } from '../../core/remediation/storm-signals.ts';
import { resourceOf } from '../../core/subject/kinds.ts';
import type { ClusterReader } from '../../ports/cluster-reader.ts';
import { type ExecutorDeps, monotonicOf } from './remediation-deps.ts';

/** Larger clusters are judged by these. */
const MOST_NODES = 5000;
const RESUME = 'An operator of Kubewhy can switch them on again with `resume`.';

/** Why changes are switched off, as a sentence for people, or nothing. What cannot be read counts as off. Throws STORE_UNAVAILABLE. */
export async function switchedOff({
  cluster,
  store,
  settings,
  logger,
}: Pick<ExecutorDeps, 'cluster' | 'store' | 'settings' | 'logger'>): Promise<string | undefined> {
  const [outside, stopped] = await Promise.all([
    settings()
      .killSwitch()
      .catch((error: unknown) => {
        logger.warn('the kill switch could not be read, so nothing is changed', { error });
        return 'whether they are cannot be read';
      }),
    store.stopped(),
  ]);
  if (outside !== undefined) {
    return `Changes are switched off by the settings: ${outside}. Nothing was changed. Whoever runs Kubewhy has to take that back.`;
  }
  const found = stopped.find(({ scope }) => scope === '*' || scope === cluster);
  const why = found === undefined || found.reason === '' ? '' : ` (${found.reason})`;
  return found && `Changes were switched off${why}, and nothing was changed. ${RESUME}`;
}

/** What of a plan the brakes depend on. */
export type Braked = Pick<RemediationPlan, 'cluster' | 'input' | 'target' | 'tier'>;

type BrakeDeps = Pick<ExecutorDeps, 'cluster' | 'store' | 'settings' | 'alertRate' | 'requests' | 'monotonic'>;

/** What else forbids a change now, whoever approved it: a freeze, a storm, an upgrade. Throws STORE_UNAVAILABLE. */
export async function brakeReason(change: Braked, reader: ClusterReader, deps: BrakeDeps): Promise<string | undefined> {
  const { cluster, tier, input } = change;
  const { store, settings } = deps;
  const [now, nodes] = await Promise.all([
    store.now(),
    reader.list({ resource: resourceOf('Node'), limit: MOST_NODES }),
  ]);
  const frozen = freezeReason(settings().policy.freezes, { cluster, namespace: governedNamespace(change), now });
  if (frozen !== undefined) {
    return frozen;
  }
  const storm = await signalReason(deps);
  if (storm !== undefined) {
    return storm;
  }
  return nodes.kind === 'unreadable'
    ? `How many nodes work could not be read, so nothing is changed: ${nodes.message}.`
    : stormReason(countNodes(nodes.objects), { tier, action: input.action, upgrades: settings().policy.upgrades });
}

/** What alerts and the executor's own requests say about the cluster. Throws STORE_UNAVAILABLE. */
async function signalReason(deps: BrakeDeps): Promise<string | undefined> {
  const { alertRate, requests, cluster } = deps;
  const failing = requests === undefined ? undefined : apiStormReason(requests(), monotonicOf(deps));
  if (failing !== undefined || alertRate === undefined) {
    return failing;
  }
  const { now, slots } = await alertRate.begun(cluster);
  return alertStormReason(slots, now.getTime());
}
