import type { Alert } from '../../core/triage/alert.ts';
import type { ClusterRules } from '../../core/triage/alert-cluster.ts';
import { alertForStorage, wantedLabels } from '../../core/triage/alert-for-storage.ts';
import { podAlert } from '../../core/triage/pod-alert.ts';
import type { RoutingRules } from '../../core/triage/routing.ts';
import type { StoredAlert } from '../../core/triage/stored-alert.ts';
import { planAlert } from '../../core/triage/triage-plan.ts';
import type { AlertIntake } from '../../ports/alert-intake.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { NoteStore } from '../../ports/note-store.ts';
import type { PodWatchState, WatchPods } from '../../ports/pod-watch.ts';
import { alertOf, type PodEpisode } from './pod-episodes.ts';
import { type WatchedNamespace, watchNamespace } from './watched-namespace.ts';

/** What is watched, and what becomes of it. */
export interface PodTroubleRules {
  /** Namespaces with the seconds for which something must be wrong in them. */
  readonly namespaces: ReadonlyMap<string, number>;
  readonly clusters: ClusterRules;
  readonly routing: RoutingRules;
}

/** The ports of the watch. */
export interface PodTroubleDeps {
  readonly watchPods: WatchPods;
  readonly intake: AlertIntake;
  readonly notes: NoteStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Watches the pods of a cluster and tells what is wrong with them as alerts. */
export interface PodTroubleWatch {
  /** From now on these rules hold; troubles of namespaces that are not watched any more are over. */
  follow(rules: PodTroubleRules): void;
  /** Stores what is due: new troubles, ends, and again what is open. Never rejects; what could not be stored is tried again by the next call. */
  pass(): Promise<void>;
  /** How the watch of each namespace stands. */
  states(): ReadonlyMap<string, PodWatchState>;
  /** Ends the watch; what is open stays so. */
  stop(): void;
}

const BATCH = 200;
/** A store that has lost everything learns open troubles again. */
const AGAIN_MS = 30 * 60_000;
/** An alert that comes back soon after its end counts only when it is still told after two minutes. */
const SECOND_MS = 150_000;
const NOTE_SECONDS = 24 * 3600;

/** Begins with the rules; `pass` is to be called every few seconds. */
export function watchPodTrouble(deps: PodTroubleDeps, rules: PodTroubleRules): PodTroubleWatch {
  const watch = new Watch(deps, rules);
  watch.follow(rules);
  return watch;
}

interface Due {
  readonly watched: WatchedNamespace;
  readonly episode: PodEpisode;
  readonly alert: Alert;
}

class Watch implements PodTroubleWatch {
  readonly #deps: PodTroubleDeps;
  #rules: PodTroubleRules;
  readonly #watched = new Map<string, WatchedNamespace>();
  /** Namespaces that are not watched any more, until their ends are stored. */
  #leaving: readonly WatchedNamespace[] = [];
  #storing = true;
  #routed = true;

  constructor(deps: PodTroubleDeps, rules: PodTroubleRules) {
    this.#deps = deps;
    this.#rules = rules;
  }

  follow(rules: PodTroubleRules): void {
    this.#rules = rules;
    for (const [name, watched] of this.#watched) {
      if (!rules.namespaces.has(name)) {
        watched.stop();
        watched.episodes.loseAll(watched.now());
        this.#watched.delete(name);
        this.#leaving = [...this.#leaving, watched];
      }
    }
    for (const name of rules.namespaces.keys()) {
      if (!this.#watched.has(name)) {
        this.#watched.set(name, watchNamespace(name, { ...this.#deps, ownerNames: () => this.#ownerNames() }));
      }
    }
  }

  async pass(): Promise<void> {
    try {
      for (const watched of this.#all()) {
        watched.episodes.pass(watched.now(), this.#ownerNames());
        await this.#recall(watched);
      }
      // What is due changes while a batch is stored.
      for (let due = this.#due(); due.length > 0; due = this.#due()) {
        await this.#store(due.slice(0, BATCH));
      }
      this.#leaving = this.#leaving.filter(({ episodes }) => episodes.all().length > 0);
      this.#storing = true;
    } catch (error) {
      if (this.#storing) {
        this.#deps.logger.warn('alerts about pods could not be stored; it is tried again', { error });
      }
      this.#storing = false;
    }
  }

  states(): ReadonlyMap<string, PodWatchState> {
    return new Map([...this.#watched].map(([name, watched]) => [name, watched.state()]));
  }

  stop(): void {
    for (const watched of this.#watched.values()) {
      watched.stop();
    }
  }

  #all(): readonly WatchedNamespace[] {
    return [...this.#watched.values(), ...this.#leaving];
  }

  #ownerNames(): readonly string[] {
    return this.#rules.routing.owners.labels;
  }

  /** A pod does not tell when its crash loop began; whoever told of it first has noted that. */
  async #recall({ episodes }: WatchedNamespace): Promise<void> {
    const fresh = episodes.all().filter(({ phase }) => phase === 'new');
    for (let from = 0; from < fresh.length; from += BATCH) {
      await Promise.all(fresh.slice(from, from + BATCH).map((episode) => this.#recallOne(episode)));
    }
  }

  async #recallOne(episode: PodEpisode): Promise<void> {
    const noted = hasNote(episode) ? await this.#deps.notes.read(noteOf(episode)) : undefined;
    if (noted !== undefined && noted !== '') {
      episode.alert = podAlert(episode.pod, episode.trouble, noted);
    }
    if (episode.phase === 'new') {
      episode.phase = 'noticed';
    }
  }

  #due(): readonly Due[] {
    return this.#all().flatMap((watched) => this.#dueOf(watched));
  }

  #dueOf(watched: WatchedNamespace): readonly Due[] {
    const now = watched.now().getTime();
    const afterMs = (this.#rules.namespaces.get(watched.namespace) ?? 0) * 1000;
    return watched.episodes
      .all()
      .filter(({ phase, stored, alert }) => {
        switch (phase) {
          case 'new':
            return false;
          case 'noticed':
            return now - Date.parse(alert.startsAt ?? '') >= afterMs;
          case 'open':
            return now - stored.at >= (stored.times === 1 ? SECOND_MS : AGAIN_MS);
          case 'over':
            return true;
        }
      })
      .map((episode) => ({ watched, episode, alert: alertOf(episode) }));
  }

  async #store(due: readonly Due[]): Promise<void> {
    for (const { episode, alert } of due) {
      // From here on it may be known to others, so that it needs an end whatever happens.
      episode.phase = alert.status === 'firing' ? 'open' : 'over';
    }
    await Promise.all(due.filter(({ episode }) => hasNote(episode)).map((one) => this.#note(one)));
    const alerts = due.flatMap((one) => this.#forStorage(one) ?? []);
    if (alerts.length > 0) {
      await this.#deps.intake.accept(alerts);
    }
    for (const { watched, episode, alert } of due) {
      if (alert.status === 'resolved') {
        watched.episodes.forget(episode);
      } else {
        episode.stored = { times: episode.stored.times + 1, at: watched.now().getTime() };
      }
    }
  }

  /** An end leaves the note empty for a moment, as notes cannot be taken away. */
  async #note({ episode, alert }: Due): Promise<void> {
    const ends = alert.status === 'resolved';
    await this.#deps.notes.write(noteOf(episode), ends ? '' : (alert.startsAt ?? ''), ends ? 1 : NOTE_SECONDS);
  }

  #forStorage({ watched, alert }: Due): StoredAlert | undefined {
    const { clusters, routing } = this.#rules;
    const readable = [watched.namespace];
    const now = this.#deps.clock.now();
    const planned = planAlert(alert, { clusters, routing, namespaces: readable }, now);
    if (planned.routing.kind === 'no-channel' && this.#routed) {
      this.#routed = false;
      this.#deps.logger.warn('alerts about pods go nowhere: no route fits, and there is no default channel');
    }
    const wanted = wantedLabels(clusters.clusterLabel, routing);
    return alertForStorage(planned, { wanted, readable, receivedAt: now.toISOString() });
  }
}

function hasNote({ trouble }: PodEpisode): boolean {
  return trouble.kind === 'crash-loop';
}

function noteOf({ alert }: PodEpisode): string {
  return `pod-trouble:${alert.fingerprint}`;
}
