import { describe, expect, it } from 'vitest';
import { finalizerControllers } from '../../../src/core/facts/finalizer-controllers.ts';
import type { JsonObject } from '../../../src/core/facts/json.ts';

interface Options {
  readonly namespace?: string;
  readonly image?: string;
  readonly ready?: number;
  readonly labels?: Readonly<Record<string, string>>;
}

function deployment(
  name: string,
  { namespace = 'ops', image = 'app:1', ready = 1, labels = {} }: Options = {},
): JsonObject {
  return {
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: { replicas: 1, template: { spec: { containers: [{ image }] } } },
    status: { readyReplicas: ready },
  };
}

function namesFor(finalizer: string, manager: string, workloads: readonly JsonObject[]): readonly string[] {
  return finalizerControllers(finalizer, manager, workloads).found.map(({ name }) => name);
}

describe('who could take a finalizer away', () => {
  it('is a workload called like it, by its name, its namespace, a label or its image', () => {
    const workloads = [
      deployment('widget-operator'),
      deployment('manager', { namespace: 'widgets-system' }),
      deployment('controller', { labels: { 'app.kubernetes.io/part-of': 'widgets' } }),
      deployment('agent', { image: 'registry.example.net/widgets/agent:2' }),
      deployment('shop'),
    ];

    expect(namesFor('widgets.acme.io/cleanup', '', workloads)).toEqual([
      'widget-operator',
      'manager',
      'controller',
      'agent',
    ]);
  });

  it('is one called like who set it, unless that only writes objects', () => {
    const workloads = [deployment('press-runner'), deployment('kubectl-proxy')];

    expect(namesFor('acme.io/hold', 'press-runner', workloads)).toEqual(['press-runner']);
    expect(namesFor('acme.io/hold', 'kubectl-client-side-apply', workloads)).toEqual([]);
  });

  it('is not one that shares only words that everything has, or a part of a word', () => {
    const workloads = [deployment('cert-manager'), deployment('deleted-things'), deployment('controller-cleanup')];

    expect(namesFor('del.acme.io/cleanup', '', workloads)).toEqual([]);
  });

  it('runs when a pod of it is ready', () => {
    const down = finalizerControllers('widgets.acme.io/x', '', [deployment('widgets', { ready: 0 })]);
    const up = finalizerControllers('widgets.acme.io/x', '', [deployment('widgets')]);

    expect(down).toEqual({
      found: [{ kind: 'Deployment', namespace: 'ops', name: 'widgets', desired: 1, ready: 0 }],
      running: false,
      telling: true,
      complete: true,
    });
    expect(up.running).toBe(true);
  });

  it('cannot be told by a name without a word of its own', () => {
    const names = ['foregroundDeletion', 'x/cleanup', 'widgets.acme.io/x'];

    expect(names.map((name) => finalizerControllers(name, '', []).telling)).toEqual([true, false, true]);
  });

  it('is a DaemonSet as well', () => {
    const daemons = {
      kind: 'DaemonSet',
      metadata: { name: 'widgets', namespace: 'ops' },
      status: { desiredNumberScheduled: 3, numberReady: 2 },
    };

    expect(finalizerControllers('widgets.acme.io/x', '', [daemons]).found).toMatchObject([{ desired: 3, ready: 2 }]);
  });

  it('is not known where workloads are hidden', () => {
    const { complete } = finalizerControllers('widgets.acme.io/x', '', [deployment('hidden', { namespace: 'hidden' })]);

    expect(complete).toBe(false);
  });
});
