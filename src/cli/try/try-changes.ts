import type { SimIdentity } from '../../sim/cluster/people.ts';
import type { SlackSim } from '../../sim/slack/slack-sim-types.ts';

/** As what RBAC knows whoever approves at the page. */
const OPERATORS = 'kubewhy-try-operators';

/** Whoever approves at the page may do in the recorded cluster what the changes do. */
export const TRY_IDENTITIES: readonly SimIdentity[] = [
  { group: OPERATORS, rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }] },
];

/**
 * Who may approve changes of the recorded incidents: Alice and Bob, each of whom opens a window of the page. As everywhere
 * the one who asks does not approve.
 */
export function tryRemediation(cluster: string, { users }: Pick<SlackSim, 'users'>): object {
  const people = [users.alice, users.bob];
  const ids = people.map(({ id }) => id);
  return {
    rules: [
      {
        name: 'try',
        approvers: ids,
        owners: ids,
        actions: ['*'],
        tiers: ['T1', 'T2', 'T3'],
        clusters: [cluster],
        namespaces: ['*'],
      },
    ],
    identities: people.map(({ id, name }) => ({ slack: id, user: name, groups: [OPERATORS] })),
    operators: ids,
    // The incidents were recorded in different clusters.
    upgrades: 'allow',
    limits: {
      perClusterHour: 100,
      perNamespaceHour: 100,
      perTargetMinutes: 1,
      perTargetDay: 100,
      inFlightPerNamespace: 5,
      inFlightPerCluster: 10,
    },
  };
}
