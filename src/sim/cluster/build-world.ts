import type { JsonObject } from '../../core/facts/json.ts';
import { nameOf, type ObjectName } from '../../core/recording/object-parts.ts';
import type { Recording } from '../../core/recording/recording.ts';
import { resourceOf } from '../../core/subject/kinds.ts';
import { LogStore } from './log-store.ts';
import { ObjectStore } from './object-store.ts';
import { recordedSubject } from './recorded-subject.ts';
import { type RecordingContent, recordingContent } from './recording-content.ts';
import { freeName, renameNode } from './rename-node.ts';
import { sameObject } from './same-object.ts';
import type { Timeline } from './timeline.ts';
import type { SimSubject, Unreadable, World } from './world.ts';
import { WriteLog } from './write-log.ts';

const NODE = resourceOf('Node');
/** Namespaces that every cluster has. */
const STANDARD_NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/**
 * Puts recordings into one cluster. A node that two recordings know differently, or that one of them knows not to
 * exist, gets another name in the later one. Of other objects of the same name the one counts whose recording is
 * about their namespace, then the first.
 */
export function buildWorld(recordings: readonly Recording[], timeline: Timeline): World {
  const builder = new WorldBuilder(timeline);
  const contents = recordings.map((recording) => builder.addNodes(recordingContent(recording)));
  for (const content of contents) {
    builder.addOwn(content);
  }
  for (const content of contents) {
    builder.addOthers(content);
  }
  return builder.finish();
}

class WorldBuilder {
  readonly #timeline: Timeline;
  readonly #objects = new ObjectStore();
  readonly #logs = new LogStore();
  readonly #unreadable: Unreadable[] = [];
  readonly #subjects: SimSubject[] = [];
  readonly #conflicts = new Set<string>();
  readonly #missing = new Set<string>();

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  /** Adds the nodes and returns the recording with the names that its nodes have here. */
  addNodes(original: RecordingContent): RecordingContent {
    const content = this.#withOwnNodes(original);
    for (const object of content.objects.filter(({ kind }) => kind === 'Node')) {
      this.#addObject(object, Date.parse(content.clock));
    }
    for (const name of content.missing.filter(({ kind }) => kind === 'Node')) {
      this.#missing.add(titleOf(name));
    }
    return content;
  }

  /** Adds what is in the recording's own namespace, with its logs and its subject. */
  addOwn(content: RecordingContent): void {
    const recordedAt = Date.parse(content.clock);
    const { namespaces } = content;
    for (const object of content.objects.filter((object) => nameOf(object).namespace === namespaces[0])) {
      this.#addObject(object, recordedAt);
    }
    for (const { outcome, ...place } of content.logs) {
      this.#logs.put(place, outcome.kind === 'text' ? { ...outcome, recordedAt } : outcome);
    }
    for (const name of content.missing) {
      this.#missing.add(titleOf(name));
    }
    this.#unreadable.push(...content.unreadable.map((read) => ({ ...read, namespaces })));
    this.#addSubject(content);
  }

  /** Adds the rest: what is in no namespace or in somebody else's. */
  addOthers(content: RecordingContent): void {
    const recordedAt = Date.parse(content.clock);
    for (const object of content.objects.filter((object) => nameOf(object).namespace !== content.namespaces[0])) {
      this.#addObject(object, recordedAt);
    }
    for (const namespace of content.namespaces) {
      this.#addNamespace(namespace, recordedAt);
    }
    for (const name of content.missing.filter((object) => this.#known(object) !== undefined)) {
      this.#conflicts.add(`${titleOf(name)} exists in one recording and not in another`);
    }
  }

  #addSubject(content: RecordingContent): void {
    const subject = recordedSubject(content);
    if (subject !== undefined) {
      this.#subjects.push(subject);
    }
  }

  finish(): World {
    for (const namespace of STANDARD_NAMESPACES) {
      this.#addNamespace(namespace);
    }
    // Nobody can have watched what is there from the beginning.
    this.#objects.history.forget(this.#objects.version);
    return {
      objects: this.#objects,
      logs: this.#logs,
      timeline: this.#timeline,
      writes: new WriteLog(),
      unreadable: this.#unreadable,
      subjects: this.#subjects,
      conflicts: [...this.#conflicts],
    };
  }

  #withOwnNodes(content: RecordingContent): RecordingContent {
    const own = content.objects.filter(({ kind }) => kind === 'Node');
    const absent = content.missing.filter(({ kind }) => kind === 'Node').map(({ name }) => name);
    const clashing = [
      ...own.filter((node) => !this.#fits(node)).map((node) => nameOf(node).name),
      ...absent.filter((name) => this.#node(name) !== undefined),
    ];
    const taken = new Set([
      ...this.#objects.list(NODE, '').map(({ object }) => nameOf(object).name),
      ...own.map((node) => nameOf(node).name),
      ...[...this.#missing].map((key) => key.split('/').at(-1) ?? ''),
      ...absent,
    ]);
    let renamed = content;
    for (const name of clashing) {
      const free = freeName(name, taken);
      taken.add(free);
      renamed = renameNode(renamed, name, free);
    }
    return renamed;
  }

  #fits(node: JsonObject): boolean {
    const known = this.#node(nameOf(node).name);
    return known === undefined ? !this.#missing.has(titleOf(nameOf(node))) : sameObject(known, node);
  }

  #node(name: string): JsonObject | undefined {
    return this.#known({ kind: 'Node', namespace: '', name });
  }

  #addObject(object: JsonObject, recordedAt: number): void {
    const name = nameOf(object);
    const known = this.#known(name);
    if (known === undefined) {
      this.#objects.put(object, recordedAt);
    } else if (name.kind !== 'Event' && !sameObject(known, object)) {
      this.#conflicts.add(`${titleOf(name)} is not the same in two recordings`);
    }
  }

  #known(name: ObjectName): JsonObject | undefined {
    const type = this.#objects.typeOf(name.kind);
    return type === undefined ? undefined : this.#objects.get({ type, ...name })?.object;
  }

  #addNamespace(name: string, recordedAt?: number): void {
    if (this.#known({ kind: 'Namespace', namespace: '', name }) !== undefined) {
      return;
    }
    const created = recordedAt ?? this.#timeline.now().getTime();
    const namespace = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name,
        uid: `uid-of-Namespace/${name}`,
        creationTimestamp: `${new Date(created - 30 * 24 * 3600 * 1000).toISOString().slice(0, 19)}Z`,
        labels: { 'kubernetes.io/metadata.name': name },
      },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    };
    this.#objects.put(namespace, recordedAt);
  }
}

function titleOf({ kind, namespace, name }: ObjectName): string {
  return [kind, namespace, name].filter((part) => part !== '').join('/');
}
