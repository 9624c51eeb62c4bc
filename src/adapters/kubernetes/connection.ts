/** A file, or its content in base64 as kubeconfig files carry it. */
export type Material = { readonly file: string } | { readonly base64: string };

/** Where the API server is and how to recognise it. */
export interface ClusterEntry {
  readonly name: string;
  readonly server: string;
  readonly ca?: Material;
  readonly tlsServerName?: string;
  readonly skipTlsVerify: boolean;
  readonly proxyUrl?: string;
}

/** A program that prints credentials (client.authentication.k8s.io). */
export interface ExecEntry {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly apiVersion: string;
  readonly interactiveMode: string;
  readonly provideClusterInfo: boolean;
  readonly installHint?: string;
}

/** Whose credentials are used. */
export interface UserEntry {
  readonly name: string;
  readonly cert?: Material;
  readonly key?: Material;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly impersonate: Readonly<Record<string, string | readonly string[]>>;
  readonly exec?: ExecEntry;
  readonly authProvider?: { readonly name: string; readonly config: Readonly<Record<string, unknown>> };
}

/** One context of a kubeconfig with everything it refers to. */
export interface Connection {
  readonly context: string;
  readonly namespace: string;
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
}
