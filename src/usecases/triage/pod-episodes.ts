import type { JsonObject } from '../../core/facts/json.ts';
import type { Alert } from '../../core/triage/alert.ts';
import { type AlertedPod, alertedPod, endedAlert, podAlert } from '../../core/triage/pod-alert.ts';
import { type PodTrouble, podTrouble } from '../../core/triage/pod-trouble.ts';

/** One trouble of one pod from when it was noticed until its end is stored. */
export interface PodEpisode {
  readonly pod: AlertedPod;
  readonly trouble: PodTrouble;
  /** The alert as long as it fires; made anew when it is learnt that it began at another time. */
  alert: Alert;
  /** `new`: it is not known whether it was told before; `noticed`: it may still pass. */
  phase: 'new' | 'noticed' | 'open' | 'over';
  /** How often, and when last (milliseconds since 1970), it was stored while it was open. */
  stored: { readonly times: number; readonly at: number };
  /** Since when (milliseconds since 1970) the pod does not show it any more. */
  calmSince: number | undefined;
  /** When it ended. */
  ended: Date | undefined;
}

/** What changes from one moment to the next and back again is no end. */
const CALM_MS = 30_000;

interface TroubledPod {
  /** Absent when it is gone. */
  raw: JsonObject | undefined;
  readonly episodes: Map<string, PodEpisode>;
}

/** The troubles of the pods of one namespace. Holds only pods that have one: the others cannot get one by waiting. */
export class PodEpisodes {
  readonly #pods = new Map<string, TroubledPod>();

  /** All whose end is not stored. */
  all(): readonly PodEpisode[] {
    return [...this.#pods.values()].flatMap(({ episodes }) => [...episodes.values()]);
  }

  /** Takes a pod as it is at that time of the API server; labels or annotations of these names may name its owner. */
  see(raw: JsonObject, now: Date, ownerNames: readonly string[]): void {
    const pod = alertedPod(raw, ownerNames);
    const trouble = podTrouble(raw, now.toISOString());
    if (pod === undefined || (trouble === undefined && !this.#pods.has(pod.uid))) {
      return;
    }
    const episodes = this.#pods.get(pod.uid)?.episodes ?? new Map<string, PodEpisode>();
    const shown = trouble === undefined ? '' : `${trouble.kind} ${trouble.container ?? ''}`;
    for (const [key, episode] of episodes) {
      if (key !== shown && !calm(episode, now)) {
        episodes.delete(key);
      }
    }
    if (trouble !== undefined) {
      notice(episodes, shown, { pod, trouble });
    }
    this.#keep(pod.uid, { raw, episodes });
  }

  /** The pod is gone, and so is whatever was wrong with it. */
  lose(uid: string, now: Date): void {
    const episodes = this.#pods.get(uid)?.episodes ?? new Map<string, PodEpisode>();
    for (const [key, episode] of episodes) {
      if (!end(episode, now)) {
        episodes.delete(key);
      }
    }
    this.#keep(uid, { raw: undefined, episodes });
  }

  /** Looks again at pods that may have got over their trouble by now. */
  pass(now: Date, ownerNames: readonly string[]): void {
    for (const { raw } of this.#pods.values()) {
      if (raw !== undefined) {
        this.see(raw, now, ownerNames);
      }
    }
  }

  /** Nobody looks at these pods any more. */
  loseAll(now: Date): void {
    for (const uid of this.#pods.keys()) {
      this.lose(uid, now);
    }
  }

  /** Its end is stored. */
  forget(episode: PodEpisode): void {
    const { uid } = episode.pod;
    const known = this.#pods.get(uid);
    for (const [key, one] of known?.episodes ?? []) {
      if (one === episode) {
        known?.episodes.delete(key);
      }
    }
    if (known !== undefined) {
      this.#keep(uid, known);
    }
  }

  /** A pod that works is not held. */
  #keep(uid: string, pod: TroubledPod): void {
    if (pod.episodes.size === 0) {
      this.#pods.delete(uid);
    } else {
      this.#pods.set(uid, pod);
    }
  }
}

/** The alert as it is to be told now. */
export function alertOf({ alert, ended }: PodEpisode): Alert {
  return ended === undefined ? alert : endedAlert(alert, ended);
}

function notice(
  episodes: Map<string, PodEpisode>,
  key: string,
  { pod, trouble }: { readonly pod: AlertedPod; readonly trouble: PodTrouble },
): void {
  const known = episodes.get(key);
  if (known === undefined) {
    const alert = podAlert(pod, trouble, trouble.since);
    const stored = { times: 0, at: 0 };
    episodes.set(key, { pod, trouble, alert, phase: 'new', stored, calmSince: undefined, ended: undefined });
  } else {
    known.calmSince = undefined;
  }
}

/** The pod does not show it now; false when it can be forgotten. */
function calm(episode: PodEpisode, now: Date): boolean {
  episode.calmSince ??= now.getTime();
  const passing = episode.phase === 'open' && now.getTime() - episode.calmSince < CALM_MS;
  return passing || end(episode, new Date(episode.calmSince));
}

/** False when it was never told, so that it needs no end. */
function end(episode: PodEpisode, at: Date): boolean {
  if (episode.phase === 'open') {
    episode.phase = 'over';
    episode.ended = at;
  }
  return episode.phase === 'over';
}
