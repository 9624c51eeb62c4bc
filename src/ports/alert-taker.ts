/** A payload of alerts as it came; the sender has proved who it is. */
export interface AlertDelivery {
  /** As the settings name it. */
  readonly sender: string;
  readonly text: string;
  /** The end of what was sent is missing. */
  readonly cut: boolean;
}

/** What became of a payload. */
export type AlertsTaken =
  | ({ readonly kind: 'taken' } & AlertCounts)
  /** It can never be accepted as it is; `reason` is for people, without a full stop. */
  | { readonly kind: 'refused'; readonly reason: string };

/** What became of the alerts of a payload. */
export interface AlertCounts {
  /** Alerts that say something new: they are stored. */
  readonly accepted: number;
  /** Copies and repeats of what was known. */
  readonly repeated: number;
  /** Alerts that the settings say never to show. */
  readonly ignored: number;
  /** Alerts that no route fits while there is no default channel; they are dropped. */
  readonly withoutChannel: number;
}

/** Takes payloads of alerts; returns when everything is stored. Throws STORE_UNAVAILABLE: the same payload may come again. */
export interface AlertTaker {
  take(delivery: AlertDelivery): Promise<AlertsTaken>;
}
