import type { Json, JsonObject } from '../../core/facts/json.ts';
import { childOf, nameOf } from '../../core/recording/object-parts.ts';
import { negotiate, type Representation, routerRefusal } from './accept.ts';
import type { Answer, AnswerStream } from './answer.ts';
import { goType, groupVersion, invalidVersion, type Reading, represent, selectionOf } from './object-answer.ts';
import type { ObjectChange } from './object-history.ts';
import { isTrue, type ResourceRequest } from './request-info.ts';
import { failure } from './status-answer.ts';
import type { StoredObject } from './stored-object.ts';

/** The API server ends every watch after 30 to 60 minutes. */
const LONGEST_SECONDS = 1800;
const BOOKMARK_MS = 60_000;
/** The last bookmark comes shortly before the end. */
const BOOKMARK_BEFORE_END_MS = 300;

/** Answers a watch: what is there or what happened since a version, then what happens. */
export function watchAnswer({ namespace }: ResourceRequest, reading: Reading): Answer {
  const { type, parameters, accept } = reading;
  const refused = routerRefusal(accept, 'list');
  if (refused !== undefined) {
    return refused;
  }
  const selection = selectionOf(parameters, type);
  if ('status' in selection) {
    return selection;
  }
  const version = parameters.get('resourceVersion') ?? '';
  if (!/^\d*$/.test(version)) {
    return failure({ code: 500, message: `resourceVersion: ${invalidVersion(version)}` });
  }
  const written = negotiate(accept, { list: false, goType: goType(type) });
  if (!written.ok) {
    return written.answer;
  }
  const watched = (object: JsonObject): boolean =>
    (namespace === '' || nameOf(object).namespace === namespace) && selection.matches(object);
  return begin({ ...reading, representation: written.representation, watched }, version);
}

interface Watching extends Reading {
  readonly representation: Representation;
  /** Whether an object is among those that are watched. */
  readonly watched: (object: JsonObject) => boolean;
}

function begin(watching: Watching, version: string): Answer {
  const { world, type } = watching;
  const { objects } = world;
  const base = { status: 200, contentType: 'application/json' };
  if (version === '' || version === '0') {
    const all = objects.list(type, '').filter(({ object }) => watching.watched(object));
    const body = all.map((stored) => line('ADDED', written(stored, watching)));
    return { ...base, body: body.join(''), stream: following(watching) };
  }
  const from = Number(version);
  if (from < objects.history.from) {
    const message = `too old resource version: ${from} (${objects.history.from})`;
    return { ...base, body: line('ERROR', expired(message)), stream: ended };
  }
  const missed = objects.history.since(from).map((change) => told(change, watching));
  return { ...base, body: missed.join(''), stream: following(watching) };
}

const ended: AnswerStream = ({ end }) => {
  end();
  return () => undefined;
};

function following(watching: Watching): AnswerStream {
  const { world, parameters } = watching;
  const seconds = Number(parameters.get('timeoutSeconds') ?? '0');
  const endMs = Math.min(seconds > 0 ? seconds : LONGEST_SECONDS, LONGEST_SECONDS) * 1000;
  return ({ write, end }) => {
    const bookmark = (): void => {
      if (isTrue(parameters.get('allowWatchBookmarks'))) {
        write(line('BOOKMARK', bookmarkObject(watching)));
      }
    };
    const silent = world.objects.history.listen((change) => write(told(change, watching)));
    const timers = [
      setInterval(bookmark, BOOKMARK_MS),
      setTimeout(bookmark, endMs - BOOKMARK_BEFORE_END_MS),
      setTimeout(end, endMs),
    ];
    for (const timer of timers) {
      timer.unref();
    }
    return () => {
      silent();
      timers.forEach(clearInterval);
    };
  };
}

/** The line for a change; empty when it does not concern the watch. */
function told({ type, version, before, after }: ObjectChange, watching: Watching): string {
  if (type !== watching.type) {
    return '';
  }
  const was = before !== undefined && watching.watched(before.object);
  if (after !== undefined && watching.watched(after.object)) {
    return line(was ? 'MODIFIED' : 'ADDED', written(after, watching));
  }
  return was ? line('DELETED', written(asOf(version, before), watching)) : '';
}

/** What is gone, or has left the selection, is told as it was, with the version of the change. */
function asOf(version: number, { object, ...rest }: StoredObject): StoredObject {
  const metadata = { ...childOf(object, 'metadata'), resourceVersion: `${version}` };
  return { ...rest, object: { ...object, metadata } };
}

function written(stored: StoredObject, { world, representation, type }: Watching): JsonObject {
  return represent(world.timeline.present(stored), representation, type);
}

function bookmarkObject({ world, type, representation }: Watching): JsonObject {
  const metadata = { resourceVersion: `${world.objects.version}` };
  const empty: JsonObject =
    type.kind === 'Pod' && representation === 'whole' ? { spec: { containers: null }, status: {} } : {};
  return represent({ apiVersion: groupVersion(type), kind: type.kind, metadata, ...empty }, representation, type);
}

function expired(message: string): JsonObject {
  const head = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' };
  return { ...head, message, reason: 'Expired', code: 410 };
}

function line(type: string, object: Json): string {
  return `${JSON.stringify({ type, object })}\n`;
}
