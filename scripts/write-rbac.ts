/** Writes deploy/rbac from what questions and the built-in playbooks read; a test keeps it equal to the code. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadPlaybooks } from '../src/adapters/playbook-files/load-playbooks.ts';
import { neededRights, opensSecrets } from '../src/core/doctor/needed-rights.ts';
import { clusterRoleYaml } from '../src/core/doctor/rbac-yaml.ts';
import type { Right } from '../src/core/doctor/right.ts';
import { WATCHER_RIGHTS } from '../src/core/doctor/watch-rights.ts';

const ROOT = join(import.meta.dirname, '..');
const USER = 'system:serviceaccount:kubewhy:kubewhy';
const READER = `# What Kubewhy may do in a cluster: read exactly what its questions and playbooks read. No write, no Secret, no wildcard.
# Made by \`node scripts/write-rbac.ts\`; \`kubewhy doctor\` shows what is missing, also for playbooks of your own.
apiVersion: v1
kind: Namespace
metadata:
  name: kubewhy
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: kubewhy
  namespace: kubewhy
---
`;
const SECRETS = `# Optional, on top of reader.yaml: lets Kubewhy say that a Secret, or one that a pod pulls images with, does not exist.
# Kubewhy asks for metadata only, but Kubernetes cannot grant names alone: whoever holds this may read values as well.
# Made by \`node scripts/write-rbac.ts\`.
`;

const WATCHER = `# Optional, on top of reader.yaml: lets Kubewhy watch pods and make alerts of them (\`alerts.watch\` in kubewhy.yaml).
# It holds for all namespaces; to narrow it, replace the ClusterRoleBinding by a RoleBinding in each namespace.
# Made by \`node scripts/write-rbac.ts\`.
`;

const playbooks = await loadPlaybooks({ folders: [join(ROOT, 'playbooks')] });
const rights = neededRights(playbooks).map(({ right }) => right);
write(
  'reader.yaml',
  READER,
  'kubewhy-reader',
  rights.filter((right) => !opensSecrets(right)),
);
write('secret-names.yaml', SECRETS, 'kubewhy-secret-names', rights.filter(opensSecrets));
write('watcher.yaml', WATCHER, 'kubewhy-watcher', WATCHER_RIGHTS);

function write(file: string, head: string, name: string, granted: readonly Right[]): void {
  writeFileSync(join(ROOT, 'deploy/rbac', file), `${head}${clusterRoleYaml(name, granted, USER).join('\n')}\n`);
}
