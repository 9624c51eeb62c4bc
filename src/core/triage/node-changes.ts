import type { JsonObject } from '../facts/json.ts';
import { asKube, type KubeCondition, type KubeNode } from '../facts/kube-types.ts';
import { oneLine, shorten } from '../facts/text.ts';
import { type ChangeWindow, changedObject, timeWithin } from './cluster-changes.ts';
import type { ClusterChange } from './incident.ts';

interface TaintedNode extends Omit<KubeNode, 'spec'> {
  readonly spec?: { readonly taints?: readonly Taint[] };
}

interface Taint {
  readonly key?: string;
  readonly value?: string;
  readonly effect?: string;
  readonly timeAdded?: string;
}

const CORDONED = 'node.kubernetes.io/unschedulable';
/** Taints that only repeat a condition. */
const OF_CONDITIONS =
  /^node\.kubernetes\.io\/(?:not-ready|unreachable|(?:memory|disk|pid)-pressure|network-unavailable)$/;
/** A node that comes back reports all its conditions anew. */
const TOGETHER_MS = 120_000;
const LONGEST_WORD = 80;

/** What changed about a node within the window: it joined, conditions that turned, taints that it got. */
export function nodeChanges(node: JsonObject, window: ChangeWindow): readonly ClusterChange[] {
  const { metadata = {}, spec = {}, status = {} } = asKube<TaintedNode>(node);
  const object = changedObject(node);
  const joined = timeWithin(window, metadata.creationTimestamp);
  const conditions = status.conditions ?? [];
  const ready = conditions.find(({ type }) => type === 'Ready');
  const turned = conditions
    .filter((condition) => condition === ready || isOwnTurn(condition, ready))
    .flatMap((condition) => {
      const at = timeWithin(window, condition.lastTransitionTime);
      return at === undefined ? [] : [{ at, object, what: conditionWords(condition) }];
    });
  const tainted = (spec.taints ?? []).flatMap(({ key = '', value = '', effect = '', timeAdded }) => {
    const at = timeWithin(window, timeAdded);
    const taint = `${key}${value === '' ? '' : `=${value}`}:${effect}`;
    const what = key === CORDONED ? 'was cordoned' : `got the taint ${word(taint)}`;
    return at === undefined || OF_CONDITIONS.test(key) ? [] : [{ at, object, what }];
  });
  return [...(joined === undefined ? [] : [{ at: joined, object, what: 'joined the cluster' }]), ...turned, ...tainted];
}

/** Whether a condition says something that `Ready` does not; `Unknown` only means that the node is silent. */
function isOwnTurn({ status, lastTransitionTime }: KubeCondition, ready: KubeCondition | undefined): boolean {
  const apart = Math.abs(Date.parse(lastTransitionTime ?? '') - Date.parse(ready?.lastTransitionTime ?? ''));
  return status === 'True' || (status === 'False' && !(apart <= TOGETHER_MS));
}

function conditionWords({ type = '', status = '', reason = '' }: KubeCondition): string {
  return `its condition ${word(type)} became ${word(status)}${reason === '' ? '' : ` (${word(reason)})`}`;
}

function word(text: string): string {
  return shorten(oneLine(text), LONGEST_WORD);
}
