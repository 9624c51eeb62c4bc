import type { ActionCode } from '../playbook/vocabulary.ts';
import { isNamespaceName } from '../policy/namespace-pattern.ts';
import { NODE_LEASES, resourceOf } from '../subject/kinds.ts';
import { isObjectName } from '../triage/object-name.ts';
import { kubectl, kubectlWithBody } from './kubectl-line.ts';
import type { ProposedAction } from './proposed-action.ts';

type Commands = (input: ProposedAction) => readonly string[];

const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';
/** What the controller of a Job sets, and a new Job must not bring along. */
const OF_THE_OLD_JOB =
  'del(.metadata.uid, .metadata.resourceVersion, .metadata.creationTimestamp, .metadata.managedFields, .metadata.labels["batch.kubernetes.io/controller-uid"], .metadata.labels["controller-uid"], .spec.selector, .spec.template.metadata.labels["batch.kubernetes.io/controller-uid"], .spec.template.metadata.labels["controller-uid"], .spec.template.metadata.labels["batch.kubernetes.io/job-name"], .spec.template.metadata.labels["job-name"], .status)';

const RESTARTED: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet'];

const COMMANDS: Readonly<Partial<Record<ActionCode, Commands>>> = {
  'R-SCALE': scale,
  'R-OOS-TAINT': outOfService,
  'R-VA-DELETE': volumeAttachment,
  'R-NETWORK-FENCE': networkFence,
  'R-JOB-RECREATE': jobRecreate,
};

/** What a person is told where Kubewhy has no action. */
export interface Advice {
  readonly commands: readonly string[];
}

/**
 * What a person types who does it by hand: first what to look at, then the change. Capital words stand for what the finding
 * does not tell. Nothing when a name is none that Kubernetes accepts.
 */
export function adviceOf(input: ProposedAction): Advice {
  return { commands: isAddressed(input) ? (COMMANDS[input.action] ?? describe)(input) : [] };
}

/** Whether Kubernetes would accept its names, so that they mean nothing else to a shell. */
function isAddressed({ subject: { kind, namespace, name } }: ProposedAction): boolean {
  const placed = resourceOf(kind).namespaced ? isNamespaceName(namespace) : namespace === '';
  return placed && isObjectName(name);
}

/**
 * The commands of a change that Kubewhy only knows the name of, since it has no action for it: exactly what a person has to
 * do. Undefined where Kubewhy can do it after an approval, and where the advice of the finding says it all.
 */
export function onlyByHand(input: ProposedAction): readonly string[] | undefined {
  return COMMANDS[input.action] === undefined ? undefined : adviceOf(input).commands;
}

const EASY: Readonly<Partial<Record<ActionCode, Commands>>> = {
  'R-POD-DELETE': ({ subject: { kind, namespace, name } }) =>
    kind === 'Pod' ? [kubectl(namespace, 'delete', 'pod', name)] : [],
  'R-ROLLOUT-RESTART': ({ subject: { kind, namespace, name } }) =>
    RESTARTED.includes(kind) ? [kubectl(namespace, 'rollout', 'restart', `${kind.toLowerCase()}/${name}`)] : [],
  'R-CORDON': (input) => nodeCommand('cordon', input),
  'R-UNCORDON': (input) => nodeCommand('uncordon', input),
};

/**
 * The command of a change that Kubewhy can make and that needs none of its proofs, for somebody who sits at a terminal. The
 * others are nothing to copy: what Kubewhy looks at before them is the greater part.
 */
export function easyByHand(input: ProposedAction): readonly string[] {
  return isAddressed(input) ? (EASY[input.action]?.(input) ?? []) : [];
}

function nodeCommand(verb: 'cordon' | 'uncordon', { subject, parameters }: ProposedAction): readonly string[] {
  const node = subject.kind === 'Node' ? subject.name : (parameters['node'] ?? '');
  return isObjectName(node) ? [kubectl('', verb, node)] : [];
}

function describe({ subject: { kind, namespace, name } }: ProposedAction): readonly string[] {
  return [kubectl(namespace, 'describe', kind.toLowerCase(), name)];
}

function scale({ subject: { kind, namespace, name }, parameters }: ProposedAction): readonly string[] {
  const replicas = /^\d{1,4}$/.test(parameters['replicas'] ?? '') ? parameters['replicas'] : 'N';
  const scalable = kind === 'Deployment' || kind === 'StatefulSet' || kind === 'ReplicaSet';
  const what = scalable ? `${kind.toLowerCase()}/${name}` : nameOr(parameters['workload'], 'WORKLOAD', 'deployment/');
  const where = scalable || kind !== 'Node' ? namespace : namespaceOr(parameters['namespace']);
  return [kubectl(where, 'get', 'hpa'), kubectl(where, 'scale', what, `--replicas=${replicas}`)];
}

function outOfService({ subject, parameters }: ProposedAction): readonly string[] {
  const node = subject.kind === 'Node' ? subject.name : nameOr(parameters['node'], 'NODE');
  const taint = `${OUT_OF_SERVICE}=nodeshutdown:NoExecute`;
  return [
    kubectl('', 'get', 'nodes'),
    kubectl(NODE_LEASES, 'get', 'lease', node, '-o', 'jsonpath={.spec.renewTime}'),
    kubectl('', 'taint', 'nodes', node, taint),
    `${kubectl('', 'taint', 'nodes', node, `${taint}-`)} # only after the machine was power-cycled`,
  ];
}

function volumeAttachment({ subject, parameters }: ProposedAction): readonly string[] {
  const attachment = nameOr(parameters['attachment'], 'ATTACHMENT');
  const node = subject.kind === 'Node' ? subject.name : nameOr(parameters['node'], 'NODE');
  return [
    kubectl('', 'get', 'volumeattachment', attachment, '-o', 'yaml'),
    kubectl('', 'get', 'node', node, '-o', 'jsonpath={.status.volumesInUse}'),
    kubectl('', 'delete', 'volumeattachment', attachment),
  ];
}

function networkFence({ subject, parameters }: ProposedAction): readonly string[] {
  const node = subject.kind === 'Node' ? subject.name : nameOr(parameters['node'], 'NODE');
  const told = parameters['address'] ?? '';
  const address = isAddress(told) ? told : 'ADDRESS';
  const fence = {
    apiVersion: 'csiaddons.openshift.io/v1alpha1',
    kind: 'NetworkFence',
    metadata: { name: `fence-${node.toLowerCase()}` },
    spec: {
      networkFenceClassName: nameOr(parameters['class'], 'CLASS'),
      fenceState: 'Fenced',
      cidrs: [`${address}/${address.includes(':') ? 128 : 32}`],
    },
  };
  return [
    kubectl('', 'get', 'node', node, '-o', 'jsonpath={.status.addresses}'),
    kubectlWithBody(fence, 'create'),
    kubectl('', 'get', 'networkfence', fence.metadata.name, '-o', 'jsonpath={.status}'),
  ];
}

function jobRecreate({ subject, parameters }: ProposedAction): readonly string[] {
  const { kind, namespace, name } = subject;
  const cronJob = kind === 'CronJob' ? name : parameters['cronJob'];
  if (cronJob !== undefined && isObjectName(cronJob)) {
    return [kubectl(namespace, 'create', 'job', `--from=cronjob/${cronJob}`, 'NEW-NAME')];
  }
  const job = kind === 'Job' ? name : 'JOB';
  return [
    `${kubectl(namespace, 'get', 'job', job, '-o', 'json')} | jq '${OF_THE_OLD_JOB}' > job.json`,
    kubectl(namespace, 'delete', 'job', job, '--cascade=background'),
    kubectl(namespace, 'create', '-f', 'job.json'),
  ];
}

/** Parameters come from texts of the cluster: what is no name is not repeated. */
function nameOr(text: string | undefined, placeholder: string, before = ''): string {
  return `${before}${text !== undefined && isObjectName(text) ? text : placeholder}`;
}

function namespaceOr(text: string | undefined): string {
  return text !== undefined && isNamespaceName(text) ? text : 'NAMESPACE';
}

function isAddress(text: string): boolean {
  return /^(?:\d{1,3}\.){3}\d{1,3}$/.test(text) || (/^[0-9a-f:]{2,39}$/i.test(text) && text.includes(':'));
}
