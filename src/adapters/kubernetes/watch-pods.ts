import { setTimeout as pause } from 'node:timers/promises';
import { isKubewhyError } from '../../core/errors/kubewhy-error.ts';
import { printable, shorten } from '../../core/facts/text.ts';
import { watchWords } from '../../core/reading/read-words.ts';
import { resourceOf } from '../../core/subject/kinds.ts';
import type { PodListener, PodWatch, PodWatchState } from '../../ports/pod-watch.ts';
import { beginQuestion, sleepMs, urlOf } from './ask.ts';
import { judgeAnswer, type Server } from './judge-answer.ts';
import { listPods } from './list-pods.ts';
import { addressOf, failureWords } from './network-words.ts';
import { reading } from './read.ts';
import { watchPath } from './request-path.ts';
import type { Access, Session } from './session.ts';
import { type StreamEnd, streamLines } from './stream-lines.ts';
import { ToldPods } from './told-pods.ts';
import { readWatchEvent } from './watch-event.ts';

/** How a watch spends its time; tests have less of it. */
export interface WatchTiming {
  /** After about so long the server ends a watch, and the next one begins. */
  readonly watchSeconds: number;
  /** The pause after a failure; it doubles with every further one up to the longest. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** The pause after a missing permission. */
  readonly forbiddenPauseMs: number;
  /** A connection that lasted for so long was no failure. */
  readonly steadyMs: number;
  /** The server sends a bookmark about every minute; without anything for so long the connection is dead. */
  readonly idleMs: number;
}

export const WATCH_TIMING: WatchTiming = {
  watchSeconds: 290,
  firstPauseMs: 1000,
  longestPauseMs: 30_000,
  forbiddenPauseMs: 60_000,
  steadyMs: 10_000,
  idleMs: 180_000,
};

/** What a watch is made with. */
export interface WatchSource {
  readonly session: Session;
  readonly server: () => Server;
}

const ANSWER_MS = 30_000;
const LIST_TIMING = { deadlineMs: 120_000, requestTimeoutMs: 30_000, random: Math.random, sleep: sleepMs };
const LONGEST_LINE = 4 * 1024 * 1024;
/** So many failures in a row and all pods are read anew: whoever answers then may not be the one of before. */
const FAILURES_BEFORE_LIST = 3;

/** Lists the pods of a namespace, then follows what changes, for ever. */
export function watchPods(
  source: WatchSource,
  namespace: string,
  listener: PodListener,
  timing: WatchTiming = WATCH_TIMING,
): PodWatch {
  const watching = new Watching({ ...source, namespace, timing }, listener);
  void watching.run();
  return { stop: () => watching.stop() };
}

/** How a list or a watch ended. */
type Step =
  | { readonly kind: 'done' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'forbidden' | 'failing'; readonly message: string };

interface Settings extends WatchSource {
  readonly namespace: string;
  readonly timing: WatchTiming;
}

class Watching {
  readonly #settings: Settings;
  readonly #listener: PodListener;
  readonly #told: ToldPods;
  readonly #stopping = new AbortController();
  #version: string | undefined;
  #beyond = false;
  #failures = 0;
  #state = '';

  constructor(settings: Settings, listener: PodListener) {
    this.#settings = settings;
    this.#listener = listener;
    this.#told = new ToldPods(listener);
  }

  async run(): Promise<void> {
    const signal = AbortSignal.any([this.#stopping.signal, this.#settings.session.signal]);
    this.#say({ kind: 'starting' });
    while (!signal.aborted) {
      const began = performance.now();
      const listing = this.#version === undefined;
      const step = await (listing ? this.#list() : this.#follow(signal)).catch(stepOfError);
      if (signal.aborted) {
        return;
      }
      const wait = this.#pauseAfter(step, listing, performance.now() - began);
      await pause(wait, undefined, { signal }).catch(() => undefined);
    }
  }

  stop(): void {
    this.#stopping.abort();
  }

  async #list(): Promise<Step> {
    const { session, server, namespace } = this.#settings;
    const asker = beginQuestion(session, LIST_TIMING);
    this.#told.beginList();
    const list = await listPods({
      namespace,
      read: reading(asker, server),
      server,
      page: (pods) => {
        for (const pod of this.#stopping.signal.aborted ? [] : pods) {
          this.#told.tell(pod);
        }
      },
    });
    if (this.#stopping.signal.aborted || list.kind === 'expired') {
      return { kind: 'expired' };
    }
    if (list.kind === 'unreadable') {
      return { kind: list.why === 'forbidden' ? 'forbidden' : 'failing', message: list.message };
    }
    this.#told.endList();
    this.#version = list.version;
    this.#beyond = list.beyond;
    this.#listener.listed(asker.serverTime());
    return { kind: 'done' };
  }

  async #follow(signal: AbortSignal): Promise<Step> {
    const { session } = this.#settings;
    const access = await session.access();
    const first = await this.#stream(access, signal);
    if (first.end.kind !== 'answer' || first.end.status !== 401 || !access.credentials.renewable) {
      return this.#stepOf(first);
    }
    session.reject(access);
    return this.#stepOf(await this.#stream(await session.access(), signal));
  }

  async #stream(access: Access, signal: AbortSignal): Promise<Streamed> {
    const { namespace, timing, session } = this.#settings;
    const seconds = Math.max(1, Math.round(timing.watchSeconds * (0.9 + Math.random() * 0.2)));
    const place = { resource: resourceOf('Pod'), namespace };
    const path = watchPath(place, { version: this.#version ?? '', seconds }) ?? '';
    let told: Step = { kind: 'done' };
    let heard = false;
    const end = await streamLines({
      url: urlOf(session.connection.cluster.server, path),
      wire: access.wire,
      headers: { ...access.credentials.headers, accept: 'application/json', 'user-agent': 'kubewhy' },
      signal,
      answerMs: ANSWER_MS,
      idleMs: timing.idleMs,
      longestLine: LONGEST_LINE,
      opened: () => this.#say({ kind: 'watching', beyond: this.#beyond }),
      line: (text) => {
        heard = true;
        told = signal.aborted ? { kind: 'done' } : this.#hear(text);
        return told.kind === 'done' && !signal.aborted;
      },
    });
    return { end, told, heard };
  }

  #hear(line: string): Step {
    const event = readWatchEvent(line);
    switch (event.kind) {
      case 'changed':
        this.#told.tell(event.object);
        this.#version = event.version;
        return { kind: 'done' };
      case 'deleted':
        this.#told.remove(event.object);
        this.#version = event.version;
        return { kind: 'done' };
      case 'bookmark':
        this.#version = event.version;
        return { kind: 'done' };
      case 'expired':
        return event;
      case 'error':
        // What was missed since then cannot be told.
        this.#version = undefined;
        return { kind: 'failing', message: event.message };
      case 'other':
        return { kind: 'done' };
    }
  }

  #stepOf({ end, told, heard }: Streamed): Step {
    const { server, namespace } = this.#settings;
    if (told.kind !== 'done' || end.kind === 'ended') {
      // A server that was restored from a backup never reaches the version, and says nothing, not even a bookmark.
      this.#version = heard ? this.#version : undefined;
      return told;
    }
    const words = watchWords({ resource: resourceOf('Pod'), namespace });
    if (end.kind === 'failed') {
      const failure = failureWords(end, addressOf(this.#settings.session.connection.cluster.server), ANSWER_MS);
      this.#version = end.reason === 'too-big' ? undefined : this.#version;
      return { kind: 'failing', message: `could not watch ${words.what}: ${failure.words}` };
    }
    const judged = judgeAnswer(end, words, server());
    if (judged.kind === 'unreadable') {
      return { kind: judged.why === 'forbidden' ? 'forbidden' : 'failing', message: judged.message };
    }
    return judged.kind === 'refused' && judged.status === 410
      ? { kind: 'expired' }
      : { kind: 'failing', message: `could not watch ${words.what}: the API server answered ${end.status}` };
  }

  /** Milliseconds until the next attempt: never none, unless all went well. */
  #pauseAfter(step: Step, listing: boolean, lastedMs: number): number {
    const { timing } = this.#settings;
    if (step.kind === 'forbidden') {
      this.#failures = 0;
      this.#say(step);
      return timing.forbiddenPauseMs;
    }
    if (step.kind === 'expired') {
      this.#version = undefined;
    }
    const steady = !listing && lastedMs >= timing.steadyMs;
    if (step.kind === 'done' && (listing || steady)) {
      this.#failures = listing ? this.#failures : 0;
      return 0;
    }
    this.#failures = steady ? 1 : this.#failures + 1;
    return this.#pauseAfterFailure(step);
  }

  #pauseAfterFailure(step: Step): number {
    const { timing } = this.#settings;
    if (this.#failures >= FAILURES_BEFORE_LIST) {
      this.#version = undefined;
    }
    if (step.kind === 'failing' && this.#failures > 1) {
      this.#say(step);
    }
    const doubled = timing.firstPauseMs * 2 ** Math.min(this.#failures - 1, 20);
    return Math.min(timing.longestPauseMs, doubled) * (0.75 + Math.random() * 0.5);
  }

  #say(state: PodWatchState): void {
    const text = JSON.stringify(state);
    if (text !== this.#state) {
      this.#state = text;
      this.#listener.state(state);
    }
  }
}

interface Streamed {
  readonly end: StreamEnd;
  /** What the lines said last. */
  readonly told: Step;
  /** Whether there was any. */
  readonly heard: boolean;
}

/** Credentials that cannot be had. */
function stepOfError(error: unknown): Step {
  const message = isKubewhyError(error) ? error.message : 'an unexpected failure; this is probably a defect of Kubewhy';
  return { kind: 'failing', message: shorten(printable(message), 600) };
}
