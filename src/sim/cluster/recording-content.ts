import type { JsonObject } from '../../core/facts/json.ts';
import { nameOf } from '../../core/recording/object-parts.ts';
import type { CaseUnreadable, RecordedRead, Recording, SessionRecording } from '../../core/recording/recording.ts';
import type { LogPlace } from './log-store.ts';

/** A log that was read, or the words with which the cluster had none. */
export interface ContentLog extends LogPlace {
  readonly outcome:
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'missing'; readonly message: string };
}

/** What a recording knows of its cluster, whichever way it was recorded. */
export interface RecordingContent {
  readonly subject: string;
  readonly clock: string;
  readonly objects: readonly JsonObject[];
  readonly logs: readonly ContentLog[];
  /** Objects that did not exist. */
  readonly missing: readonly { readonly kind: string; readonly namespace: string; readonly name: string }[];
  readonly unreadable: readonly CaseUnreadable[];
  /** The namespaces that were read, the subject's first. */
  readonly namespaces: readonly string[];
}

/** Takes a recording apart. Of an object that changed while it was recorded, the newest state counts. */
export function recordingContent(recording: Recording): RecordingContent {
  const { subject, clock } = recording;
  if (!recording.closedWorld) {
    return { subject, clock, ...sessionContent(recording) };
  }
  const { objects, logs, unreadable } = recording;
  return {
    subject,
    clock,
    objects,
    logs: logs.map(({ text, ...place }) => ({ ...place, outcome: { kind: 'text', text } })),
    missing: [],
    unreadable,
    namespaces: distinct(objects.map((object) => nameOf(object).namespace)),
  };
}

function sessionContent({ reads }: SessionRecording): Omit<RecordingContent, 'subject' | 'clock'> {
  const partial = reads.filter(({ query }) => query.verb !== 'logs' && query.metadataOnly === true);
  const whole = reads.filter((read) => !partial.includes(read));
  const objects = new Map<string, JsonObject>();
  for (const object of [...partial, ...whole].flatMap(objectsOf)) {
    const { kind, namespace, name } = nameOf(object);
    objects.set(`${kind}/${namespace}/${name}`, object);
  }
  return {
    objects: [...objects.values()],
    logs: reads.flatMap(logOf),
    missing: reads.flatMap(missingOf),
    unreadable: reads.flatMap(unreadableOf),
    namespaces: distinct(reads.map(({ query }) => query.namespace ?? '')),
  };
}

function distinct(namespaces: readonly string[]): readonly string[] {
  return [...new Set(namespaces)].filter((namespace) => namespace !== '');
}

function objectsOf({ outcome }: RecordedRead): readonly JsonObject[] {
  if ('objects' in outcome) {
    return outcome.objects;
  }
  return 'object' in outcome ? [outcome.object] : [];
}

function logOf({ query, outcome }: RecordedRead): readonly ContentLog[] {
  if (query.verb !== 'logs' || outcome.kind === 'unreadable') {
    return [];
  }
  const { namespace, pod, container, previous = false } = query;
  const place = { namespace, pod, container, previous };
  if (outcome.kind === 'missing') {
    return [{ ...place, outcome }];
  }
  return 'text' in outcome ? [{ ...place, outcome: { kind: 'text', text: outcome.text } }] : [];
}

function missingOf({ query, outcome }: RecordedRead): RecordingContent['missing'] {
  return query.verb === 'get' && outcome.kind === 'missing'
    ? [{ kind: query.resource.kind, namespace: query.namespace ?? '', name: query.name }]
    : [];
}

/** A read that was left out says nothing about the cluster. */
function unreadableOf({ query, outcome }: RecordedRead): readonly CaseUnreadable[] {
  const said = outcome.kind === 'unreadable' && outcome.why !== 'budget' && outcome.why !== 'not-recorded';
  if (!said || query.verb === 'runbook') {
    return [];
  }
  const resource = query.verb === 'logs' ? 'pods/log' : query.resource.resource;
  const name = query.verb === 'get' ? query.name : undefined;
  return [
    {
      resource,
      ...(query.namespace === undefined ? {} : { namespace: query.namespace }),
      ...(name === undefined ? {} : { name }),
      why: outcome.why,
    },
  ];
}
