import type { Action, Inspection } from '../../src/actions/action.ts';
import { openCluster } from '../../src/adapters/kubernetes/kubernetes-cluster.ts';
import type { ProposedAction } from '../../src/core/remediation/proposed-action.ts';
import type { IncidentLab } from './incident-lab.ts';

/** What an action says of a real object to a playbook that offers it all the same. */
export async function inspectReal(
  { executor }: Pick<IncidentLab, 'executor'>,
  action: Action,
  input: ProposedAction,
): Promise<Inspection> {
  const api = openCluster({ kubeconfig: executor });
  try {
    return await action.inspect(input, {
      reader: api.question(),
      content: api.content(),
      purpose: 'propose',
      pause: async () => undefined,
      now: () => new Date(),
    });
  } finally {
    api.close();
  }
}
