import { stringify } from 'yaml';

/** The text of a kubeconfig with one context, called `sim`. */
export function kubeconfigText(url: string, token: string, namespace: string): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'sim',
    contexts: [{ name: 'sim', context: { cluster: 'sim', user: 'sim', namespace } }],
    clusters: [{ name: 'sim', cluster: { server: url } }],
    users: [{ name: 'sim', user: { token } }],
  });
}
