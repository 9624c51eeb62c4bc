/** One kind of object in a namespace. */
export interface FoundContent {
  /** `pods`, `widgets.example.com`. */
  readonly resource: string;
  readonly group: string;
  readonly version: string;
  /** The first of them; at most 20. */
  readonly objects: readonly {
    readonly name: string;
    readonly uid: string;
    readonly finalizers: readonly string[];
    readonly deletionTimestamp?: string;
  }[];
  readonly more: boolean;
}

/** What a namespace holds, as far as the API server tells. */
export interface NamespaceContent {
  /** Kinds of which there is at least one object; Events do not count. */
  readonly found: readonly FoundContent[];
  /** Kinds that were listed and are empty. */
  readonly empty: number;
  /** Why nothing is proven: groups that could not be discovered, kinds that could not be listed. Empty: everything was seen. */
  readonly unseen: readonly string[];
}

/** Lists everything that is stored under a namespace: every namespaced, listable resource of discovery, by metadata only. */
export interface ContentLister {
  contentOf(namespace: string): Promise<NamespaceContent>;
}
