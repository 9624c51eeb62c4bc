import type { Json, JsonObject } from '../../../src/core/facts/json.ts';
import { completeObjects } from '../../../src/core/recording/case-document.ts';
import { childOf, childrenOf, textAt } from '../../../src/core/recording/object-parts.ts';
import type { CaseRecording } from '../../../src/core/recording/recording.ts';
import type { SimUser } from '../../../src/sim/cluster/access-rules.ts';
import { CHATTY_LOG, LIMITED_RULES, serverObjects } from '../../contract/api-server.contract.ts';
import { CONTRACT_LOGS } from '../../contract/cluster-reader.contract.ts';

const CLOCK = '2026-01-31T12:00:00Z';
const CREATED = '2026-01-31T11:00:00Z';

/** What the contracts are about, as if a cluster had run it. */
export function contractRecording(namespace: string): CaseRecording {
  const objects = completeObjects(serverObjects(namespace).map(asRun), [], {
    namespace,
    clock: CLOCK,
    created: CREATED,
  });
  const logs = [...CONTRACT_LOGS, { pod: 'chatty', container: 'app', text: CHATTY_LOG }];
  return {
    closedWorld: true,
    subject: '',
    clock: CLOCK,
    objects,
    logs: logs.map((log) => ({ namespace, previous: false, ...log })),
    unreadable: [],
  };
}

/** The users of the contracts; the first one may read everything. */
export function contractUsers(namespace: string): readonly [SimUser, ...SimUser[]] {
  const account = (name: string): string => `system:serviceaccount:${namespace}:${name}`;
  return [
    {
      token: 'reader-token',
      name: account('reader'),
      rules: [
        { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
        { verbs: ['*'], nonResourceURLs: ['*'] },
      ],
    },
    { token: 'powerless-token', name: account('powerless'), rules: [] },
    {
      token: 'limited-token',
      name: account('limited'),
      rules: LIMITED_RULES.map((rule) => ({ ...rule, namespaces: [namespace] })),
    },
  ];
}

/** A pod with the node and the statuses that it would have. */
function asRun(object: JsonObject): JsonObject {
  const spec = childOf(object, 'spec');
  const name = textAt(childOf(object, 'metadata'), 'name');
  if (object['kind'] !== 'Pod' || name === 'unscheduled') {
    return object;
  }
  const state: Json =
    name === 'initializing' ? { waiting: { reason: 'PodInitializing' } } : { running: { startedAt: CREATED } };
  const crashed = { terminated: { exitCode: 1, reason: 'Error', containerID: 'containerd://1' } };
  const containerStatuses = childrenOf(spec, 'containers').map((container) => ({
    name: textAt(container, 'name'),
    state,
    lastState: name === 'crasher' ? crashed : {},
  }));
  return { ...object, spec: { ...spec, nodeName: 'node-1' }, status: { phase: 'Running', containerStatuses } };
}
