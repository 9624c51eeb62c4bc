import type { NeededRight, Right } from './right.ts';

/** A right that is missing, and where. */
export interface MissingRight {
  readonly needed: NeededRight;
  /** Namespaces in which it is missing; absent: it is missing for the whole cluster. */
  readonly namespaces?: readonly string[];
}

/** What was found out about a cluster of the settings. */
export type ClusterFacts =
  | {
      readonly kind: 'answered';
      readonly cluster: string;
      readonly address: string;
      readonly version: string;
      /** Who Kubewhy is there; undefined when the server does not tell. */
      readonly user: string | undefined;
      /** Positive: this machine is ahead. */
      readonly clockSkewMs: number | undefined;
      readonly missing: readonly MissingRight[];
      /** Rights of which it could not be found out, with the reason. */
      readonly unknown: readonly { readonly right: Right; readonly reason: string }[];
    }
  /** It cannot be reached, or not by us; both texts are whole sentences. */
  | { readonly kind: 'failed'; readonly cluster: string; readonly message: string; readonly hint: string };
