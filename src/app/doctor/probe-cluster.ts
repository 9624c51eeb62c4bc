import type { AccessReview } from '../../adapters/kubernetes/access-review.ts';
import type { Cluster } from '../../adapters/kubernetes/kubernetes-cluster.ts';
import type { ClusterFacts, MissingRight } from '../../core/doctor/cluster-facts.ts';
import { type NeededRight, rightWords } from '../../core/doctor/right.ts';
import { ERROR_CATALOGUE } from '../../core/errors/catalogue.ts';
import type { Unreadable } from '../../ports/cluster-reader.ts';

/** What is asked of a cluster. */
export interface ClusterProbe {
  readonly name: string;
  readonly needed: readonly NeededRight[];
  /** The namespaces that may be asked about; undefined: any. */
  readonly asked: readonly string[] | undefined;
}

const DEADLINE_MS = 30_000;
const AT_ONCE = 8;
/** Namespaces that are looked at one by one where rights are not given for the whole cluster. */
const MOST_NAMESPACES = 20;

const HINTS: Readonly<Record<Unreadable['why'], string>> = {
  forbidden: ERROR_CATALOGUE.READ_FORBIDDEN.hint,
  timeout: ERROR_CATALOGUE.CLUSTER_TIMEOUT.hint,
  unavailable: ERROR_CATALOGUE.CLUSTER_UNREACHABLE.hint,
  unauthorized: ERROR_CATALOGUE.CREDENTIALS_REJECTED.hint,
  invalid: ERROR_CATALOGUE.CLUSTER_ANSWER_INVALID.hint,
  'not-recorded': ERROR_CATALOGUE.BUG.hint,
  budget: ERROR_CATALOGUE.BUG.hint,
};

/** Asks a cluster for its version and our rights there. Throws what opening a connection throws. */
export async function probeCluster(cluster: Cluster, probe: ClusterProbe): Promise<ClusterFacts> {
  const review = cluster.review({ deadlineMs: DEADLINE_MS });
  const version = await review.version();
  if (version.kind === 'unreadable') {
    const { message, why } = version;
    return { kind: 'failed', cluster: probe.name, message: sentence(message), hint: HINTS[why] };
  }
  const serverTime = review.serverTime();
  const skew = serverTime === undefined ? undefined : Date.now() - (serverTime.getTime() + 500);
  const user = await review.user();
  return {
    kind: 'answered',
    cluster: probe.name,
    address: cluster.address,
    version: version.value,
    user: user.kind === 'known' ? user.value : undefined,
    clockSkewMs: skew,
    ...(await probeRights(review, probe)),
  };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

type Rights = Pick<Extract<ClusterFacts, { kind: 'answered' }>, 'missing' | 'unknown'>;

async function probeRights(review: AccessReview, { needed, asked }: ClusterProbe): Promise<Rights> {
  const rights = new Map(needed.map(({ right }) => [rightWords(right), right]));
  const answers = await inTurn([...rights], async ([words, right]) => [words, await review.may(right)] as const);
  const everywhere = new Map(answers);
  const refused = needed.filter(({ right }) => {
    const answer = everywhere.get(rightWords(right));
    return answer?.kind === 'known' && !answer.value;
  });
  const inNamespace = remembered((namespace) => review.rightsIn(namespace));
  const missing = await inTurn(refused, (one) => missingRight(one, asked, inNamespace));
  return {
    missing: missing.filter((one) => one !== undefined),
    unknown: [...rights].flatMap(([words, right]) => {
      const answer = everywhere.get(words);
      return answer?.kind === 'unreadable' ? [{ right, reason: answer.message }] : [];
    }),
  };
}

type RightsIn = (namespace: string) => ReturnType<AccessReview['rightsIn']>;

/** A right that is not given for the whole cluster may still be given where it is needed. */
async function missingRight(
  needed: NeededRight,
  asked: readonly string[] | undefined,
  rightsIn: RightsIn,
): Promise<MissingRight | undefined> {
  const namespaces = namespacesOf(needed, asked);
  if (namespaces === undefined || namespaces.length > MOST_NAMESPACES) {
    return { needed };
  }
  const without: string[] = [];
  for (const namespace of namespaces) {
    const rights = await rightsIn(namespace);
    if (rights.kind === 'unreadable' || !rights.value.may(needed.right)) {
      without.push(namespace);
    }
  }
  return without.length === 0 ? undefined : { needed, namespaces: without };
}

function namespacesOf({ scope }: NeededRight, asked: readonly string[] | undefined): readonly string[] | undefined {
  if (scope === 'everywhere') {
    return undefined;
  }
  return scope === 'asked' ? asked : [scope.namespace];
}

function remembered(ask: RightsIn): RightsIn {
  const known = new Map<string, ReturnType<RightsIn>>();
  return (namespace) => {
    const answer = known.get(namespace) ?? ask(namespace);
    known.set(namespace, answer);
    return answer;
  };
}

/** A few at a time; the results in the order of the items. */
async function inTurn<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))));
  }
  return results;
}
