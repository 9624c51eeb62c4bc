/** An environment variable that Kubewhy reads. */
export interface EnvironmentVariable {
  readonly name: string;
  readonly says: string;
}

/** Every environment variable that Kubewhy reads; the help lists those that are its own. */
export const ENVIRONMENT = [
  { name: 'KUBEWHY_PLAYBOOKS', says: 'Folders of further playbooks, separated as in PATH; --playbooks adds to them.' },
  { name: 'KUBEWHY_DEBUG', says: '1: show where an error comes from, as --verbose does.' },
  { name: 'KUBECONFIG', says: 'Kubeconfig files, separated as in PATH; --kubeconfig wins.' },
  { name: 'HOME', says: 'The home directory, where .kube/config is looked for.' },
  { name: 'KUBERNETES_SERVICE_HOST', says: 'The API server, inside a pod without a kubeconfig.' },
  { name: 'KUBERNETES_SERVICE_PORT', says: 'Its port.' },
  { name: 'HTTPS_PROXY', says: 'A proxy for the way to the API server.' },
  { name: 'HTTP_PROXY', says: 'The same for an address that begins with http://.' },
  { name: 'NO_PROXY', says: 'Hosts that are reached without the proxy.' },
  { name: 'NO_COLOR', says: 'Any value: no colours.' },
  { name: 'FORCE_COLOR', says: 'Any value but 0: colours even when the output is no terminal.' },
  { name: 'TERM', says: 'dumb: no colours.' },
  { name: 'COLUMNS', says: 'The width of the text.' },
] as const satisfies readonly EnvironmentVariable[];

export type EnvironmentName = (typeof ENVIRONMENT)[number]['name'];
