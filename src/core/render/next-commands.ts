import type { ContainerSummary, Diagnosis } from '../diagnosis/diagnosis.ts';

/** Only such words go into a command line that a person may copy. */
const SAFE_WORD = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;

/** Commands with which a person can look further; none when a name could mean something to a shell. */
export function nextCommands({ subject, container, pod }: Diagnosis): readonly string[] {
  const { kind, namespace, name } = subject;
  const podName = kind === 'Pod' ? name : pod?.name;
  const words = [...(namespace === '' ? [] : [namespace]), name, podName ?? name, container?.name ?? name];
  if (!words.every((word) => SAFE_WORD.test(word))) {
    return [];
  }
  switch (kind) {
    case 'Node':
      return nodeCommands(name);
    case 'Namespace':
      return namespaceCommands(name);
    default:
      return objectCommands(subject, podName, container);
  }
}

function objectCommands(
  { kind, namespace, name }: Diagnosis['subject'],
  podName: string | undefined,
  container: ContainerSummary | undefined,
): readonly string[] {
  const kubectl = `kubectl -n ${namespace}`;
  return [
    `${kubectl} describe ${kind.toLowerCase()} ${name}`,
    ...(kind === 'Pod' || podName === undefined ? [] : [`${kubectl} describe pod ${podName}`]),
    ...(podName === undefined ? [] : logCommands(`${kubectl} logs ${podName}`, container)),
  ];
}

function nodeCommands(name: string): readonly string[] {
  return [`kubectl describe node ${name}`, `kubectl get pods -A -o wide --field-selector spec.nodeName=${name}`];
}

/** The second lists everything that is left in it, of whatever kind. */
function namespaceCommands(name: string): readonly string[] {
  const kinds = 'kubectl api-resources --verbs=list --namespaced -o name';
  return [
    `kubectl get namespace ${name} -o yaml`,
    `${kinds} | xargs -n 1 kubectl -n ${name} get --show-kind --ignore-not-found`,
  ];
}

function logCommands(logs: string, container: ContainerSummary | undefined): readonly string[] {
  return container === undefined ? [] : [`${logs} -c ${container.name}${container.restarts > 0 ? ' --previous' : ''}`];
}
