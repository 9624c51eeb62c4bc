import type { JsonObject } from '../facts/json.ts';
import { asKube, type KubePod } from '../facts/kube-types.ts';
import { oneLine, shorten } from '../facts/text.ts';
import type { Alert, Labels } from './alert.ts';
import { readTime } from './alert-time.ts';
import { ANNOTATION_LIMITS } from './bounded-labels.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { PodTrouble } from './pod-trouble.ts';

/** The sender of alerts that Kubewhy makes out of pods; routes may match it. */
const POD_ALERT_SENDER = 'kubewhy';

/** How each kind of trouble is called. */
export const POD_ALERT_NAMES: Readonly<Record<PodTrouble['kind'], string>> = {
  'crash-loop': 'KubewhyPodCrashLooping',
  'image-pull': 'KubewhyImagePullFailing',
  'container-create': 'KubewhyContainerCreateFailing',
  stuck: 'KubewhyPodStuck',
};

/** The pod of an alert, as far as it matters. */
export interface AlertedPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** What of its labels and annotations may name the owner. */
  readonly owners: Labels;
}

/** The pod of an alert; `ownerNames` are the labels and annotations that may name its owner. Undefined without a name or uid. */
export function alertedPod(raw: JsonObject, ownerNames: readonly string[]): AlertedPod | undefined {
  const { namespace = '', name = '', uid = '', labels = {}, annotations = {} } = asKube<KubePod>(raw).metadata ?? {};
  if (name === '' || uid === '') {
    return undefined;
  }
  const owners = ownerNames.flatMap((key) => {
    const value: unknown = own(labels, key) ?? own(annotations, key);
    return typeof value === 'string' && value !== '' ? [[key, shorten(value, ANNOTATION_LIMITS.longest)] as const] : [];
  });
  return { namespace, name, uid, owners: Object.fromEntries(owners) };
}

function own(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** The firing alert for the trouble of a pod that began then (RFC 3339). */
export function podAlert(pod: AlertedPod, trouble: PodTrouble, began: string): Alert {
  const name = POD_ALERT_NAMES[trouble.kind];
  const labels = {
    alertname: name,
    namespace: pod.namespace,
    pod: pod.name,
    ...(trouble.container === undefined ? {} : { container: trouble.container }),
    uid: pod.uid,
    severity: 'warning',
  };
  const startsAt = readTime(began);
  return {
    sender: POD_ALERT_SENDER,
    receiver: '',
    groupKey: '',
    fingerprint: fingerprintOf(labels),
    status: 'firing',
    name,
    labels,
    annotations: { ...pod.owners, description: describe(trouble) },
    ...(startsAt === undefined ? {} : { startsAt }),
  };
}

/** The same alert when it is over. */
export function endedAlert(alert: Alert, ended: Date): Alert {
  return { ...alert, status: 'resolved', endsAt: ended.toISOString() };
}

/** One line for people. */
function describe({ container, status, restarts }: PodTrouble): string {
  const words = [
    ...(container === undefined ? [] : [`container ${container}`]),
    status,
    ...(restarts === 0 ? [] : [restarts === 1 ? 'restarted once' : `restarted ${restarts} times`]),
  ];
  return shorten(oneLine(words.join(', ')), 500);
}
