import { readFileSync } from 'node:fs';

const FILE = '/var/run/secrets/kubernetes.io/serviceaccount/namespace';

/** The namespace that Kubewhy itself runs in; undefined outside of a cluster. */
export function ownNamespace(file: string = FILE): string | undefined {
  try {
    const name = readFileSync(file, 'utf8').trim();
    return name === '' ? undefined : name;
  } catch {
    return undefined;
  }
}
