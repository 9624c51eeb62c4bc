import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The incidents that are served when there is no cluster, in the order in which they are suggested. */
const EXAMPLES = ['incident-a-subpath', 'incident-b-backoff', 'incident-c-misspelt'] as const;

/** The folders of the recorded incidents that come with Kubewhy. */
export function exampleFolders(): readonly string[] {
  const root = rootFolder();
  return EXAMPLES.map((name) => join(root, 'examples', name));
}

/** The alerts of the first of these incidents, as a payload of Alertmanager. */
export function exampleAlertsFile(): string {
  return join(rootFolder(), 'examples', 'alerts', 'incident-a.json');
}

/** Where the build puts what the browser loads. */
export function pageFolder(): string {
  return join(rootFolder(), 'dist', 'try');
}

/** This code runs from `dist` once it is built, and from its own folder in tests. */
function rootFolder(): string {
  const candidates = ['..', '../../..'].map((path) => join(import.meta.dirname, path));
  return candidates.find((path) => existsSync(join(path, 'examples'))) ?? join(import.meta.dirname, '..');
}
