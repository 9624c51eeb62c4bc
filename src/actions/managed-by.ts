import type { JsonObject } from '../core/facts/json.ts';
import { asKube, type KubeMetadata, type KubeObject } from '../core/facts/kube-types.ts';
import { kubectl } from '../core/remediation/kubectl-line.ts';
import { isObjectName } from '../core/triage/object-name.ts';

/** What would take a change of an object back, and what to use instead. */
export interface ManagedBy {
  /** `Argo CD`, `Helm`; for people. */
  readonly tool: string;
  /** What to do with that tool. */
  readonly instead: string;
}

interface ManagedObject extends KubeObject {
  readonly metadata?: KubeMetadata & { readonly managedFields?: readonly { readonly manager?: string }[] };
}

interface Marks {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly managers: readonly string[];
  readonly namespace: string;
}

type Detector = (marks: Marks) => ManagedBy | undefined;

const DETECTORS: readonly Detector[] = [argo, flux, helm, fleet, others];

/** Whether a tool keeps an object as some other place says, going by its labels, annotations and who wrote it. */
export function managedBy(object: JsonObject): ManagedBy | undefined {
  const {
    labels = {},
    annotations = {},
    managedFields = [],
    namespace = '',
  } = asKube<ManagedObject>(object).metadata ?? {};
  const marks = { labels, annotations, namespace, managers: managedFields.map(({ manager = '' }) => manager) };
  return DETECTORS.map((detect) => detect(marks)).find((found) => found !== undefined);
}

function argo({ labels, annotations, managers }: Marks): ManagedBy | undefined {
  const [application = ''] = (annotations['argocd.argoproj.io/tracking-id'] ?? '').split(':');
  const marked = [...Object.keys(labels), ...Object.keys(annotations)].some((key) =>
    key.startsWith('argocd.argoproj.io/'),
  );
  if (!marked && !managers.some((manager) => manager.startsWith('argocd'))) {
    return undefined;
  }
  const name = nameOr(labels['argocd.argoproj.io/instance'] ?? application, 'APPLICATION');
  return { tool: 'Argo CD', instead: `Revert the commit, or run \`argocd app rollback ${name}\`` };
}

function flux({ labels, managers }: Marks): ManagedBy | undefined {
  const kustomization = labels['kustomize.toolkit.fluxcd.io/name'];
  const release = labels['helm.toolkit.fluxcd.io/name'];
  if (kustomization === undefined && release === undefined) {
    return managers.some((manager) => manager === 'kustomize-controller' || manager === 'helm-controller')
      ? { tool: 'Flux', instead: 'Revert the commit' }
      : undefined;
  }
  const command =
    release === undefined
      ? `flux reconcile kustomization ${nameOr(kustomization, 'NAME')} --with-source`
      : `flux reconcile helmrelease ${nameOr(release, 'NAME')} --with-source`;
  return { tool: 'Flux', instead: `Revert the commit, then run \`${command}\`` };
}

function helm({ labels, annotations, namespace }: Marks): ManagedBy | undefined {
  const release = annotations['meta.helm.sh/release-name'];
  const byLabel = [labels['app.kubernetes.io/managed-by'], labels['heritage']].some(
    (value) => value === 'Helm' || value === 'Tiller',
  );
  if (release === undefined && !byLabel) {
    return undefined;
  }
  const line = kubectl(nameOr(annotations['meta.helm.sh/release-namespace'] ?? namespace, 'NAMESPACE'));
  const command = `${line.replace(/^kubectl/, 'helm')} rollback ${nameOr(release, 'RELEASE')}`;
  return { tool: 'Helm', instead: `Run \`${command}\`` };
}

function fleet({ labels, annotations }: Marks): ManagedBy | undefined {
  return 'objectset.rio.cattle.io/id' in annotations || 'objectset.rio.cattle.io/hash' in labels
    ? { tool: 'Rancher Fleet or a K3s add-on', instead: 'Revert the change where its manifest is kept' }
    : undefined;
}

/** Keys that other tools put on everything they keep. */
const OTHER_KEYS: ReadonlyMap<string, string> = new Map([
  ['config.k8s.io/owning-inventory', 'kpt or Config Sync'],
  ['configmanagement.gke.io/managed', 'Config Sync'],
  ['kapp.k14s.io/app', 'kapp'],
  ['olm.owner', 'the Operator Lifecycle Manager'],
  ['addonmanager.kubernetes.io/mode', 'the addon manager'],
]);

function others({ labels, annotations }: Marks): ManagedBy | undefined {
  const tool = [...OTHER_KEYS].find(([key]) => key in labels || key in annotations)?.[1];
  return tool === undefined ? undefined : { tool, instead: 'Revert the change where its manifest is kept' };
}

/** Labels are hostile text: what is no name is not repeated. */
function nameOr(text: string | undefined, placeholder: string): string {
  return text !== undefined && isObjectName(text) ? text : placeholder;
}
