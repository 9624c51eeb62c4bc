import type { JsonObject } from '../core/facts/json.ts';
import { asKube, type KubeNode, type KubePod, type KubePodSpec } from '../core/facts/kube-types.ts';
import { secondsBetween } from '../core/facts/time.ts';

interface GraceSpec extends KubePodSpec {
  readonly terminationGracePeriodSeconds?: number;
}

/** What Kubernetes gives where nothing is said. */
export const DEFAULT_GRACE = 30;
const MIRROR = 'kubernetes.io/config.mirror';
const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';
/** A program that crashes at once is Ready for a moment. */
const STEADY_SECONDS = 10;

/** How long the containers of a pod get to end. */
export function graceSeconds(spec: KubePodSpec | undefined): number {
  const { terminationGracePeriodSeconds = DEFAULT_GRACE }: GraceSpec = { ...spec };
  return terminationGracePeriodSeconds;
}

/** Whether the pod serves: Ready and not on its way out. */
export function isReady(pod: KubePod): boolean {
  return pod.metadata?.deletionTimestamp === undefined && readyCondition(pod)?.status === 'True';
}

/** Whether the pod has been Ready for a while; times are those of its node, whose clock may be ahead. */
export function isSteadilyReady(pod: KubePod, now: Date): boolean {
  const age = secondsBetween(readyCondition(pod)?.lastTransitionTime, now.toISOString());
  return isReady(pod) && (age === undefined || age >= STEADY_SECONDS || age < -STEADY_SECONDS);
}

/** Whether no container of the pod will run again. */
export function isOver(pod: KubePod): boolean {
  return pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded';
}

/** Whether the kubelet made it from a file: deleting its object does nothing. */
export function isMirror(pod: KubePod): boolean {
  return Object.hasOwn(pod.metadata?.annotations ?? {}, MIRROR);
}

/** `Running, not Ready`, `Pending`; for people. */
export function podWords(pod: KubePod): string {
  const phase = pod.status?.phase ?? 'of unknown phase';
  const leaving = pod.metadata?.deletionTimestamp === undefined ? '' : ', terminating';
  return `${phase}${phase === 'Running' ? (isReady(pod) ? ', Ready' : ', not Ready') : ''}${leaving}`;
}

/** Whether the kubelet of a node does its work, as far as the control plane knows. */
export function isNodeReady(node: JsonObject): boolean {
  const conditions = asKube<KubeNode>(node).status?.conditions ?? [];
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

/** Whether somebody declared that the machine is off. */
export function isOutOfService(node: JsonObject): boolean {
  return (asKube<KubeNode>(node).spec?.taints ?? []).some(({ key }) => key === OUT_OF_SERVICE);
}

function readyCondition(pod: KubePod): NonNullable<NonNullable<KubePod['status']>['conditions']>[number] | undefined {
  return pod.status?.conditions?.find(({ type }) => type === 'Ready');
}
