import { HIDDEN_NAME } from './hidden-name.ts';
import type { JsonObject } from './json.ts';
import { asKube, type KubeMetadata, type KubeWorkload } from './kube-types.ts';

/** A workload that may be the controller of a finalizer, going by names. */
export interface ControllerCandidate {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly desired: number;
  readonly ready: number;
}

/** Who could take a finalizer away. */
export interface FinalizerControllers {
  readonly found: readonly ControllerCandidate[];
  /** One of them has a pod that works. */
  readonly running: boolean;
  /** No workload was hidden from whoever asks, so that one that was not found does not exist. */
  readonly complete: boolean;
  /** The names have words by which a workload could be found at all. */
  readonly telling: boolean;
}

/** Words that say nothing about whose finalizer it is. */
const PLAIN_WORDS: ReadonlySet<string> = new Set(
  `io com org net dev sh ai cloud app apps www api k8s kubernetes kube x sigs client controller controllers manager operator
  operators finalizer finalizers protection protect cleanup clean delete deletion deleter cluster namespace namespaces
  resource resources core default system server service services v1 alpha beta external hook before after test`.split(
    /\s+/,
  ),
);
/** Tools with which people and pipelines write objects: they set finalizers and never take them away. */
const WRITERS =
  /^(?:kubectl|helm|terraform|pulumi|mozilla|curl|unknown|openapi-generator|node-fetch|python|go-http|before-first-apply)/i;
const SHORTEST_WORD = 3;
const SHORTEST_PART = 5;

/**
 * Workloads whose names, labels or images share a word with a finalizer or with who set it. Better one too many than one
 * too few: what runs may still do its work.
 */
export function finalizerControllers(
  finalizer: string,
  manager: string,
  workloads: readonly JsonObject[],
): FinalizerControllers {
  const words = [...new Set([...wordsOf(finalizer), ...(WRITERS.test(manager) ? [] : wordsOf(manager))])];
  const found = workloads.filter((one) => fits(one, words)).map(candidateOf);
  return {
    found,
    running: found.some(({ ready }) => ready > 0),
    telling: words.length > 0,
    complete: !workloads.some((one) => asKube<KubeWorkload>(one).metadata?.name === HIDDEN_NAME),
  };
}

function wordsOf(name: string): readonly string[] {
  return name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .map((word) => (word.length > SHORTEST_WORD ? word.replace(/s$/, '') : word))
    .filter((word) => word.length >= SHORTEST_WORD && !PLAIN_WORDS.has(word) && !PLAIN_WORDS.has(`${word}s`));
}

function fits(object: JsonObject, words: readonly string[]): boolean {
  const workload = asKube<KubeWorkload>(object);
  const { name = '', namespace = '', labels = {} } = workload.metadata ?? {};
  const images = (workload.spec?.template?.spec?.containers ?? []).map(({ image = '' }) =>
    image.replace(/[@:][^/]*$/, ''),
  );
  const own = wordsOf([name, namespace, ...Object.values(ownLabels(labels)), ...images].join(' '));
  return words.some((word) => own.some((other) => isAlike(word, other)));
}

/** Short words are part of too many others. */
function isAlike(a: string, b: string): boolean {
  const [short = '', long = ''] = [a, b].toSorted((one, other) => one.length - other.length);
  return short === long || (short.length >= SHORTEST_PART && long.includes(short));
}

function ownLabels(labels: NonNullable<KubeMetadata['labels']>): Readonly<Record<string, string>> {
  const keys = ['app', 'app.kubernetes.io/name', 'app.kubernetes.io/instance', 'app.kubernetes.io/part-of'];
  return Object.fromEntries(Object.entries(labels).filter(([key]) => keys.includes(key)));
}

function candidateOf(object: JsonObject): ControllerCandidate {
  const { kind = '', metadata = {}, spec = {}, status = {} } = asKube<KubeWorkload>(object);
  return {
    kind,
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    desired: spec.replicas ?? status.desiredNumberScheduled ?? 1,
    ready: status.readyReplicas ?? status.numberReady ?? 0,
  };
}
