import type { SilenceDraft } from '../core/triage/silence.ts';

/** What became of a silence that was asked for. */
export type SilenceResult =
  /** It was there before when an earlier call had made it; then it may have ended meanwhile. */
  | { readonly kind: 'made'; readonly id: string; readonly ended: boolean }
  /** Refused for good as it is; `reason` holds its words, made printable, and ends without a full stop. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Certainly not made; may be tried again. */
  | { readonly kind: 'unavailable'; readonly reason: string }
  /** Nothing was heard after it was sent, nor when it was looked for. */
  | { readonly kind: 'uncertain'; readonly reason: string };

/** What became of the end of a silence; `gone`: it is not known there any more, so that it does not hold either. */
export type EndResult =
  | { readonly kind: 'ended' | 'gone' }
  | { readonly kind: 'refused' | 'unavailable'; readonly reason: string };

/** The Alertmanagers of the settings, by name. Never throws for an expected answer. */
export interface Alertmanagers {
  /** Those that send the alerts of a cluster, in the order of the settings; those of all clusters when it is empty. */
  namesFor(cluster: string): readonly string[];
  /**
   * Makes a silence. One with the same author and comment is the same one, so a comment must tell acts apart: it is
   * looked for before, and again when nothing was heard.
   */
  silence(alertmanager: string, draft: SilenceDraft): Promise<SilenceResult>;
  /** Ends a silence; one that has ended already counts as ended. */
  endSilence(alertmanager: string, id: string): Promise<EndResult>;
}
