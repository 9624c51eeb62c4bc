import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '../../core/facts/json.ts';
import { childOf } from '../../core/recording/object-parts.ts';
import type { ResourceType } from '../../core/subject/kinds.ts';
import type { PostedBody } from './posted-body.ts';
import type { ResourceRequest } from './request-info.ts';
import { qualified } from './status-answer.ts';
import type { World } from './world.ts';
import type { SimWrite } from './write-log.ts';

/** A write that is being carried out. */
export interface Writing {
  readonly world: World;
  readonly type: ResourceType;
  /** The namespace is empty for cluster-scoped objects. */
  readonly request: ResourceRequest;
  readonly posted: PostedBody;
  readonly parameters: URLSearchParams;
  readonly user: string;
  /** Nothing is stored. */
  readonly dryRun: boolean;
}

/** Where the object of a write is. */
function placeOf({ type, request }: Writing): Parameters<World['objects']['get']>[0] {
  return { type, namespace: request.namespace, name: request.name };
}

/** The object that a write is about, with the times that readers see; undefined when there is none. */
export function currentObject(writing: Writing): JsonObject | undefined {
  const stored = writing.world.objects.get(placeOf(writing));
  return stored === undefined ? undefined : writing.world.timeline.present(stored);
}

/** Stores an object instead of another, unless it is the same; returns it as it is stored then. */
export function replaceObject(writing: Writing, before: JsonObject, after: JsonObject): JsonObject {
  if (writing.dryRun || sameJson(before, after)) {
    return after;
  }
  const stored = storeObject(writing.world, after);
  note(writing, { before, after: stored });
  return stored;
}

/** Stores a new object; returns it as it is stored. */
export function addObject(writing: Writing, object: JsonObject): JsonObject {
  if (writing.dryRun) {
    return object;
  }
  const stored = storeObject(writing.world, object);
  note(writing, { after: stored });
  return stored;
}

/** Removes the object of a write. */
export function dropObject(writing: Writing, before: JsonObject): void {
  if (!writing.dryRun) {
    writing.world.objects.remove(placeOf(writing));
    note(writing, { before });
  }
}

/** Stores an object with a new resource version; its times are those of the simulation from now on. */
export function storeObject(world: World, object: JsonObject): JsonObject {
  const { resourceVersion: _version, ...metadata } = childOf(object, 'metadata');
  return world.objects.put({ ...object, metadata }).object;
}

function note({ world, request, user }: Writing, change: Pick<SimWrite, 'before' | 'after'>): void {
  const { verb, namespace, name, subresource } = request;
  const resource = `${qualified(request)}${subresource === '' ? '' : `/${subresource}`}`;
  world.writes.add({ verb: verb as SimWrite['verb'], resource, namespace, name, user, ...change });
}

/** Whether two values say the same, in whatever order their keys are. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  return isDeepStrictEqual(a, b);
}

/** The time as Kubernetes writes it. */
export function timeText(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
