import type { JsonObject } from '../core/facts/json.ts';
import { asKube, type KubeMetadata, type KubeObject } from '../core/facts/kube-types.ts';
import type { ResourceType } from '../core/subject/kinds.ts';
import { subjectPath } from '../core/subject/subject.ts';
import type { ActionContext, Refusal } from './action.ts';
import { quote, refuse, unproven } from './refuse.ts';

/** One object that an action needs. */
export interface Wanted {
  readonly resource: ResourceType;
  /** Empty for cluster-scoped resources. */
  readonly namespace: string;
  readonly name: string;
  /** The one that must be meant; absent: any of that name. */
  readonly uid?: string | undefined;
  readonly metadataOnly?: boolean;
}

/** An object as it was read. */
export interface Known {
  readonly kind: 'known';
  readonly object: JsonObject;
  readonly metadata: KubeMetadata & { readonly resourceVersion?: string };
}

/** Reads an object that must exist and must be the one that is meant. */
export async function lookUp(context: ActionContext, wanted: Wanted): Promise<Known | Refusal> {
  const { resource, namespace, name, uid } = wanted;
  const title = `${resource.kind} ${subjectPath({ namespace, name })}`;
  const result = await context.reader.get({
    resource,
    name,
    ...(resource.namespaced ? { namespace } : {}),
    ...(wanted.metadataOnly === true ? { metadataOnly: true } : {}),
  });
  if (result.kind === 'unreadable') {
    return unproven(title, result.message);
  }
  if (result.kind === 'missing') {
    return refuse('changed', `${title} does not exist any more. Nothing is left to change; diagnose it again.`);
  }
  const { metadata = {} } = asKube<KubeObject>(result.object);
  if (metadata.uid === undefined || (uid !== undefined && metadata.uid !== uid)) {
    return refuse('changed', `${title} is another object of the same name by now. Diagnose it again.`);
  }
  return { kind: 'known', object: result.object, metadata };
}

/** Whether the object that was acted upon is still there. */
export type Presence =
  | { readonly kind: 'same'; readonly object: JsonObject }
  | { readonly kind: 'gone' | 'replaced' }
  | { readonly kind: 'unreadable'; readonly message: string };

/** Looks for the very object that was acted upon. */
export async function presenceOf(context: ActionContext, wanted: Wanted & { readonly uid: string }): Promise<Presence> {
  const { resource, namespace, name, uid, metadataOnly } = wanted;
  const result = await context.reader.get({
    resource,
    name,
    ...(resource.namespaced ? { namespace } : {}),
    ...(metadataOnly === true ? { metadataOnly: true } : {}),
  });
  if (result.kind === 'unreadable') {
    return { kind: 'unreadable', message: quote(result.message) };
  }
  if (result.kind === 'missing') {
    return { kind: 'gone' };
  }
  return asKube<KubeObject>(result.object).metadata?.uid === uid
    ? { kind: 'same', object: result.object }
    : { kind: 'replaced' };
}
