import { describe, expect, it } from 'vitest';
import { managedBy } from '../../src/actions/managed-by.ts';

describe('managedBy', () => {
  it.each([
    [
      'Argo CD by its label',
      { 'argocd.argoproj.io/instance': 'shop' },
      {},
      [],
      'Argo CD',
      'Revert the commit, or run `argocd app rollback shop`',
    ],
    [
      'Argo CD by who wrote it',
      {},
      {},
      ['argocd-controller'],
      'Argo CD',
      'Revert the commit, or run `argocd app rollback APPLICATION`',
    ],
    [
      'Argo CD with a hostile name',
      {},
      { 'argocd.argoproj.io/tracking-id': '$(reboot):x' },
      [],
      'Argo CD',
      'Revert the commit, or run `argocd app rollback APPLICATION`',
    ],
    [
      'Flux by its Helm label',
      { 'helm.toolkit.fluxcd.io/name': 'web' },
      { 'meta.helm.sh/release-name': 'web' },
      [],
      'Flux',
      'Revert the commit, then run `flux reconcile helmrelease web --with-source`',
    ],
    ['Flux by who wrote it', {}, {}, ['kustomize-controller'], 'Flux', 'Revert the commit'],
    [
      'Helm by its annotation',
      {},
      { 'meta.helm.sh/release-name': 'web' },
      [],
      'Helm',
      'Run `helm -n shop rollback web`',
    ],
    [
      'Helm by its label',
      { 'app.kubernetes.io/managed-by': 'Helm' },
      {},
      [],
      'Helm',
      'Run `helm -n shop rollback RELEASE`',
    ],
    ['Helm 2', { heritage: 'Tiller' }, {}, [], 'Helm', 'Run `helm -n shop rollback RELEASE`'],
    [
      'Helm with a hostile name',
      {},
      { 'meta.helm.sh/release-name': 'a; reboot', 'meta.helm.sh/release-namespace': '`x`' },
      [],
      'Helm',
      'Run `helm -n NAMESPACE rollback RELEASE`',
    ],
    [
      'Rancher Fleet',
      { 'objectset.rio.cattle.io/hash': 'x' },
      {},
      [],
      'Rancher Fleet or a K3s add-on',
      'Revert the change where its manifest is kept',
    ],
    [
      'Config Sync',
      {},
      { 'configmanagement.gke.io/managed': 'enabled' },
      [],
      'Config Sync',
      'Revert the change where its manifest is kept',
    ],
    [
      'an operator',
      { 'olm.owner': 'x' },
      {},
      [],
      'the Operator Lifecycle Manager',
      'Revert the change where its manifest is kept',
    ],
  ] as const)('knows %s', (...[, labels, annotations, managers, tool, instead]) => {
    const managedFields = managers.map((manager) => ({ manager }));

    const found = managedBy({ metadata: { namespace: 'shop', labels, annotations, managedFields } });

    expect(found).toEqual({ tool, instead });
  });

  it.each([
    [{ metadata: { labels: { 'app.kubernetes.io/instance': 'web', 'app.kubernetes.io/managed-by': 'kubectl' } } }],
    [
      {
        metadata: { managedFields: [{ manager: 'kubectl-client-side-apply' }, { manager: 'kube-controller-manager' }] },
      },
    ],
    [{}],
  ])('leaves %o to people', (object) => {
    const found = managedBy(object);

    expect(found).toBeUndefined();
  });
});
