import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPlaybooks } from '../../src/adapters/playbook-files/load-playbooks.ts';
import { openCase } from '../../src/app/playbook-cases.ts';
import { parseRecordedSubject } from '../../src/cli/recorded-subject.ts';
import type { ProposedAction } from '../../src/core/remediation/proposed-action.ts';
import { diagnose } from '../../src/usecases/diagnose.ts';

const CASES = join(import.meta.dirname, '../playbooks');
const playbooks = await loadPlaybooks({ folders: [join(import.meta.dirname, '../../playbooks')] });

async function offerOf(path: string): Promise<ProposedAction | undefined> {
  const { recording, expected } = await openCase(join(CASES, path));
  const subject = parseRecordedSubject(expected.subject ?? recording.subject);
  const query = { ...subject, namespace: subject.namespace ?? recording.namespace };
  const { primary } = await diagnose(query, { cluster: recording.cluster, clock: recording.clock, playbooks });
  return primary?.remediation;
}

describe('what a deletion that does not end offers', () => {
  it.each([
    ['pod-terminating-finalizer/hit-deleted-pod-finalizer', 'R-OBJ-FINALIZER-REMOVE', 'Pod'],
    ['pod-terminating-finalizer/hit-deleted-pod-operator-down', 'R-OBJ-FINALIZER-REMOVE', 'Pod'],
    ['pod-terminating-finalizer/hit-deleted-claim-finalizer', 'R-OBJ-FINALIZER-REMOVE', 'PersistentVolumeClaim'],
    ['pod-terminating-finalizer/hit-deleted-statefulset-foreground', 'R-OBJ-FINALIZER-REMOVE', 'Pod'],
    ['pod-terminating-finalizer/hit-namespace-of-rancher', 'R-OBJ-FINALIZER-REMOVE', 'Namespace'],
    ['namespace-terminating-content-remaining/hit-namespace-config-map-kept', 'R-OBJ-FINALIZER-REMOVE', 'Namespace'],
    ['namespace-terminating-content-remaining/hit-namespace-operator-down', 'R-OBJ-FINALIZER-REMOVE', 'Namespace'],
    ['namespace-terminating-controller-not-running/hit-manager-gone', 'R-NS-FINALIZE', 'Namespace'],
    ['namespace-terminating-controller-not-running/hit-never-looked', 'R-NS-FINALIZE', 'Namespace'],
    ['pod-terminating-node-unreachable/hit-deleted-pod-node-dead', 'R-POD-FORCE-DELETE', 'Pod'],
    ['pod-terminating-node-unreachable/hit-node-is-gone', 'R-POD-FORCE-DELETE', 'Pod'],
    ['pod-terminating-kubelet-stuck/hit-container-cannot-be-stopped', 'R-POD-FORCE-DELETE', 'Pod'],
  ])('%s: %s of a %s', async (path, action, kind) => {
    const offer = await offerOf(path);

    expect([offer?.action, offer?.subject.kind]).toEqual([action, kind]);
    expect(offer?.subject.uid).not.toBe('');
  });

  it.each([
    ['two copies could write to a volume', 'pod-terminating-node-unreachable/hit-deleted-pod-node-dead-volume'],
    ['what hangs may still write to a volume', 'pod-terminating-kubelet-stuck/hit-volume-stays'],
    ['the API of the finalizer is still served', 'namespace-terminating-content-remaining/hit-namespace-custom-object'],
    ['a pod has a cause of its own', 'namespace-terminating-content-remaining/hit-namespace-pod-stays'],
    ['an API does not answer', 'namespace-terminating-discovery-failure/hit-namespace-api-without-service'],
    ['a pod of that API crashes', 'namespace-terminating-discovery-failure/hit-namespace-api-pod-broken'],
    ['the finalizer protects something', 'pod-terminating-finalizer/hit-garbage-collector-silent'],
    ['workloads could not be listed', 'pod-terminating-finalizer/hit-example-finalizer'],
  ])('is nothing where %s', async (_, path) => {
    expect(await offerOf(path)).toBeUndefined();
  });

  it('names exactly the object and the controller that is away', async () => {
    const offer = await offerOf('namespace-terminating-content-remaining/hit-namespace-operator-down');

    expect(offer?.parameters).toEqual({
      apiVersion: 'dyer.test/v1',
      resource: 'looms',
      namespace: offer?.subject.name,
      name: 'big',
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      finalizer: 'dyer.test/unwind',
      controllerKind: 'Deployment',
      controllerNamespace: offer?.subject.name.replace(/-old$/, ''),
      controllerName: 'dyer-operator',
    });
  });
});
