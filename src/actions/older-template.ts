import type { JsonObject } from '../core/facts/json.ts';
import { asKube, type KubeObject, type KubeWorkload } from '../core/facts/kube-types.ts';
import { selectorQuery } from '../core/facts/nodes.ts';
import { childOf } from '../core/recording/object-parts.ts';
import { canonicalJson } from '../core/remediation/canonical-json.ts';
import { resourceOf } from '../core/subject/kinds.ts';
import type { ActionContext, Refusal } from './action.ts';
import { controllerOf } from './pod-target.ts';
import { refuse, unproven } from './refuse.ts';
import { templateOf } from './workload-counts.ts';
import type { WorkloadTarget } from './workload-target.ts';

/** The way back of a Deployment. */
export interface OlderTemplate {
  readonly kind: 'older';
  /** As the Deployment has it now. */
  readonly current: JsonObject;
  /** As it goes into the Deployment. */
  readonly older: JsonObject;
  readonly revision: number;
  readonly olderRevision: number;
  /** The ReplicaSet that keeps the older template. */
  readonly replicaSet: string;
}

interface Kept {
  readonly uid: string;
  readonly name: string;
  readonly revision: number;
  /** It was made current again after it had been replaced. */
  readonly returned: boolean;
  readonly template: JsonObject;
}

const REVISION = 'deployment.kubernetes.io/revision';
const HISTORY = 'deployment.kubernetes.io/revision-history';
const HASH = 'pod-template-hash';
const RESTARTED = 'kubectl.kubernetes.io/restartedAt';

/** Finds the template with the next lower revision, which a ReplicaSet of the Deployment keeps. */
export async function readOlderTemplate(
  target: WorkloadTarget,
  context: ActionContext,
): Promise<OlderTemplate | Refusal> {
  const { selector } = asKube<KubeWorkload>(target.raw).spec ?? {};
  const title = `Deployment ${target.namespace}/${target.name}`;
  const query = selector === undefined ? {} : { labelSelector: selectorQuery(selector) };
  const read = await context.reader.list({ resource: resourceOf('ReplicaSet'), namespace: target.namespace, ...query });
  if (read.kind === 'unreadable' || read.truncated) {
    return unproven(`The ReplicaSets of ${title}`, read.kind === 'unreadable' ? read.message : 'there are too many');
  }
  const kept = read.objects.filter((object) => ownerUid(object) === target.uid).map(keptTemplate);
  const current = currentOf(kept, target);
  if (current === undefined) {
    return refuse(
      'changed',
      `The controller of ${title} has not taken up its newest change yet. Wait, then diagnose it again.`,
    );
  }
  return target.replicaSet !== undefined && target.replicaSet !== current.uid
    ? refuse(
        'changed',
        `The pod belongs to an older revision of ${title}, which is being replaced. Wait for the rollout.`,
      )
    : previousOf(kept, current, title);
}

function previousOf(kept: readonly Kept[], current: Kept, title: string): OlderTemplate | Refusal {
  if (current.returned) {
    return refuse(
      'unsafe',
      `${title} was rolled back already, and the revision before is the one it came from. Choose the revision by hand: kubectl rollout history, then kubectl rollout undo --to-revision.`,
    );
  }
  const [older] = kept
    .filter(({ revision }) => revision > 0 && revision < current.revision)
    .toSorted((a, b) => b.revision - a.revision);
  if (older === undefined) {
    return refuse('unsafe', `No older template of ${title} is kept. Correct the template by hand.`);
  }
  if (canonicalJson(withoutRestart(older.template)) === canonicalJson(withoutRestart(current.template))) {
    return refuse(
      'unsafe',
      `The older template of ${title} is the same, so it would not help. Correct the template by hand.`,
    );
  }
  return {
    kind: 'older',
    current: current.template,
    older: older.template,
    revision: current.revision,
    olderRevision: older.revision,
    replicaSet: older.name,
  };
}

/** The ReplicaSet of the newest revision, if its template is that of the Deployment. */
function currentOf(kept: readonly Kept[], { raw, metadata }: WorkloadTarget): Kept | undefined {
  const wanted = canonicalJson(plainTemplate(templateOf(raw)));
  const newest = Number(metadata.annotations?.[REVISION] ?? Number.NaN);
  return kept.find(({ template, revision }) => revision === newest && canonicalJson(template) === wanted);
}

function ownerUid(object: JsonObject): string | undefined {
  return controllerOf(asKube<KubeObject>(object))?.uid;
}

function keptTemplate(object: JsonObject): Kept {
  const { uid = '', name = '', annotations = {} } = asKube<KubeObject>(object).metadata ?? {};
  const revision = Number(annotations[REVISION] ?? 0);
  return {
    uid,
    name,
    revision: Number.isSafeInteger(revision) ? revision : 0,
    returned: (annotations[HISTORY] ?? '') !== '',
    template: plainTemplate(templateOf(object)),
  };
}

/** A pod template as people write it: without the label that tells ReplicaSets apart. */
export function plainTemplate(template: JsonObject): JsonObject {
  const { creationTimestamp: _, ...metadata } = childOf(template, 'metadata');
  return { ...template, metadata: { ...metadata, labels: without(childOf(metadata, 'labels'), HASH) } };
}

/** A restart alone makes no other template. */
function withoutRestart(template: JsonObject): JsonObject {
  const metadata = childOf(template, 'metadata');
  return {
    ...template,
    metadata: { ...metadata, annotations: without(childOf(metadata, 'annotations'), RESTARTED) },
  };
}

function without(object: JsonObject, key: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}
