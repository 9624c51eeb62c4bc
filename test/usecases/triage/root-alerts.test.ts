import { describe, expect, it } from 'vitest';
import { KubewhyError } from '../../../src/core/errors/kubewhy-error.ts';
import type { MappedAlert } from '../../../src/core/triage/alert-target.ts';
import type { PendingAlert } from '../../../src/core/triage/stored-alert.ts';
import { rootAlerts } from '../../../src/usecases/triage/root-alerts.ts';
import type { Asking } from '../../../src/usecases/triage/triage-deps.ts';
import { FakeCluster } from '../../fakes/fake-cluster.ts';
import { alertAbout } from './triage-stage.ts';

const LATE = 'the cluster did not answer within 0.02 seconds';

function pending(name: string, change: Partial<MappedAlert> = {}): PendingAlert {
  const alert = alertAbout(name);
  return { alert: { ...alert, mapped: { ...alert.mapped, ...change } }, revision: 1 };
}

function object(kind: 'Job' | 'Deployment' | 'ResourceQuota', name: string): PendingAlert {
  return pending(name, { target: { kind: 'object', object: { kind, namespace: 'shop', name } } });
}

function asking(openReader: Extract<Asking, { kind: 'cluster' }>['openReader']): Asking {
  return { kind: 'cluster', openReader, playbooks: async () => ({ playbooks: [], digest: '' }) };
}

const hanging = asking(async () => new FakeCluster({}, () => new Promise<never>(() => undefined)));

async function rootsOf(alerts: readonly PendingAlert[], how: Asking, findMs?: number) {
  return (await rootAlerts(alerts, how, findMs)).map(({ root }) => root);
}

describe('rootAlerts', () => {
  it('lets what the alert names stand for itself when the cluster does not answer in time', async () => {
    const address = pending('a', { target: { kind: 'node-address', address: '10.0.0.1' } });

    const roots = await rootsOf(
      [pending('web-0'), object('Job', 'backup-1'), object('Deployment', 'web'), address],
      hanging,
      20,
    );

    const asked = (kind: string, name: string, notes: readonly string[]) => ({
      key: `${kind} shop/${name}`,
      title: `${kind} shop/${name}`,
      query: { kind, namespace: 'shop', name },
      notes,
      stands: [],
    });
    const title = 'the node with the address 10.0.0.1';
    expect(roots).toEqual([
      asked('Pod', 'web-0', [`what Pod web-0 belongs to is not known: ${LATE}`]),
      asked('Job', 'backup-1', [`what Job backup-1 belongs to is not known: ${LATE}`]),
      asked('Deployment', 'web', []),
      { key: title, title, reason: `which node has the address 10.0.0.1 is not known: ${LATE}`, notes: [], stands: [] },
    ]);
  });

  it('does not open the cluster for what needs no read', async () => {
    let opened = 0;
    const counting = asking(async () => {
      opened += 1;
      return new FakeCluster({});
    });
    const targets: readonly MappedAlert['target'][] = [
      { kind: 'control-plane', part: 'api-server' },
      { kind: 'cluster' },
      { kind: 'scrape-target', job: 'web' },
      { kind: 'unmapped', reason: 'no label names an object' },
    ];
    const alerts = [
      ...targets.map((target, index) => pending(`t-${index}`, { target })),
      object('Deployment', 'web'),
      object('ResourceQuota', 'compute'),
    ];

    const roots = await rootsOf(alerts, counting);

    expect(roots.map(({ key }) => key)).toEqual([
      'control plane: api-server',
      'the cluster as a whole',
      'scrape target web',
      'unmapped fp-t-3',
      'Deployment shop/web',
      'ResourceQuota shop/compute',
    ]);
    expect(opened).toBe(0);
  });

  it.each<[string, Asking]>([
    ['asked', { kind: 'nobody', reason: 'nobody is there' }],
    ['opened', asking(() => Promise.reject(new KubewhyError('CLUSTER_UNREACHABLE', { message: 'nobody is there.' })))],
  ])('keeps what to ask about beside the reason where the cluster cannot be %s', async (_what, how) => {
    const roots = await rootsOf([pending('web-0'), object('ResourceQuota', 'compute')], how);

    const [pod, quota] = ['Pod shop/web-0', 'ResourceQuota shop/compute'];
    const common = { reason: 'nobody is there', notes: [], stands: [] };
    expect(roots).toEqual([
      { key: pod, title: pod, query: { kind: 'Pod', namespace: 'shop', name: 'web-0' }, ...common },
      { key: quota, title: quota, ...common },
    ]);
  });

  it('says that an alert names a cluster which is not known', async () => {
    const cluster: MappedAlert['cluster'] = {
      kind: 'cluster',
      name: 'prod',
      from: 'only',
      says: 'there is no other',
      unknown: 'staging\n<!channel>',
    };

    const [stranger, own] = await rootsOf(
      [pending('web-0', { cluster }), pending('web-1')],
      asking(async () => new FakeCluster({})),
    );

    expect([stranger?.notes, own?.notes]).toEqual([
      ['the alert says cluster "staging <!channel>"; only prod is known'],
      [],
    ]);
  });
});
