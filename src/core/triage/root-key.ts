import { oneLine, shorten } from '../facts/text.ts';

const LONGEST_KEY = 300;
// The alphabet of generated names has no vowels; hashes of pod templates are digits written with ten of its letters.
const DEPLOYMENT_POD = /^Pod (\S+)-[4-9bcdf]{8,10}-[b-df-hj-np-tv-xz24-9]{5}$/;
const NUMBERED_POD = /^Pod (\S+)-\d{1,5}$/;
const GENERATED_POD = /^Pod (\S+)-[b-df-hj-np-tv-xz24-9]{5}$/;
const GENERATING_KINDS = ['DaemonSet', 'ReplicaSet', 'Job'] as const;

/** Turns what a finding blames, or the title of a subject, into a key: a path alone is that of a pod. */
export function keyOfBlamed(blamed: string): string {
  const key = shorten(oneLine(blamed), LONGEST_KEY);
  return /^[^\s/]+\/[^\s/]+$/.test(key) ? `Pod ${key}` : key;
}

/**
 * Keys of the workloads that a pod belongs to if its name was generated as usual; for finding together what belongs
 * together, never for people. Empty for other keys and for pods with names of their own.
 */
export function workloadKeys(key: string): readonly string[] {
  const deployment = DEPLOYMENT_POD.exec(key)?.[1];
  if (deployment !== undefined) {
    return [`Deployment ${deployment}`];
  }
  const numbered = NUMBERED_POD.exec(key)?.[1];
  if (numbered !== undefined) {
    return [`StatefulSet ${numbered}`];
  }
  const generated = GENERATED_POD.exec(key)?.[1];
  return generated === undefined ? [] : GENERATING_KINDS.map((kind) => `${kind} ${generated}`);
}

/** Whether a key is that of a node. */
export function isNodeKey(key: string): boolean {
  return key.startsWith('Node ');
}

/** What is looked at first: 0 nodes, which break many others, 1 workloads and all else, 2 single pods. */
export function lookTier(key: string): number {
  return isNodeKey(key) ? 0 : key.startsWith('Pod ') ? 2 : 1;
}
