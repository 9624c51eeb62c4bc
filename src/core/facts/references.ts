import type { KubeContainer, KubeKeyItems, KubePod, KubeVolume } from './kube-types.ts';

/** A place in a pod that names another object of its namespace. */
export interface ReferenceFact {
  readonly kind: 'ConfigMap' | 'Secret' | 'PersistentVolumeClaim';
  readonly name: string;
  /** Empty when the whole object is meant. */
  readonly key: string;
  readonly optional: boolean;
  /** For people: `env DB_HOST of container web`, `volume config`. */
  readonly where: string;
  /** Empty for volumes and pull secrets. */
  readonly container: string;
  /** Empty for environment variables. */
  readonly volume: string;
  readonly use: 'env' | 'envFrom' | 'volume' | 'imagePull';
}

/** Every ConfigMap, Secret and claim that a pod names: of its containers, of its volumes, and for pulling images. */
export function referencesOf(pod: KubePod): readonly ReferenceFact[] {
  const spec = pod.spec ?? {};
  const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
  const pull = (spec.imagePullSecrets ?? []).map((secret) =>
    reference({ kind: 'Secret', name: secret.name, use: 'imagePull', where: 'imagePullSecrets' }),
  );
  return [...containers.flatMap(fromContainer), ...(spec.volumes ?? []).flatMap(fromVolume), ...pull].filter(
    (found) => found.name !== '',
  );
}

type Draft = Partial<Omit<ReferenceFact, 'name'>> &
  Pick<ReferenceFact, 'kind' | 'use' | 'where'> & { name: string | undefined };

function reference(draft: Draft): ReferenceFact {
  return { key: '', optional: false, container: '', volume: '', ...draft, name: draft.name ?? '' };
}

function fromContainer(container: KubeContainer): readonly ReferenceFact[] {
  const name = container.name ?? '';
  const at = { container: name };
  const env = (container.env ?? []).flatMap((variable) => {
    const where = `env ${variable.name ?? ''} of container ${name}`;
    const { configMapKeyRef, secretKeyRef } = variable.valueFrom ?? {};
    return [
      ...keyed({ kind: 'ConfigMap', use: 'env', where, ...at }, configMapKeyRef),
      ...keyed({ kind: 'Secret', use: 'env', where, ...at }, secretKeyRef),
    ];
  });
  const from = (container.envFrom ?? []).flatMap((source) => {
    const where = `envFrom of container ${name}`;
    return [
      ...keyed({ kind: 'ConfigMap', use: 'envFrom', where, ...at }, source.configMapRef),
      ...keyed({ kind: 'Secret', use: 'envFrom', where, ...at }, source.secretRef),
    ];
  });
  return [...env, ...from];
}

function keyed(
  draft: Omit<Draft, 'name'>,
  ref: { readonly name?: string; readonly key?: string; readonly optional?: boolean } | undefined,
): readonly ReferenceFact[] {
  return ref === undefined
    ? []
    : [reference({ ...draft, name: ref.name, key: ref.key ?? '', optional: ref.optional ?? false })];
}

function fromVolume(volume: KubeVolume): readonly ReferenceFact[] {
  const at = { volume: volume.name ?? '', where: `volume ${volume.name ?? ''}`, use: 'volume' as const };
  const claim = volume.persistentVolumeClaim;
  const projected = (volume.projected?.sources ?? []).flatMap((source) => [
    ...items({ kind: 'ConfigMap', ...at }, source.configMap),
    ...items({ kind: 'Secret', ...at }, source.secret),
  ]);
  return [
    ...items({ kind: 'ConfigMap', ...at }, volume.configMap),
    ...items({ kind: 'Secret', ...at }, volume.secret),
    ...(claim === undefined ? [] : [reference({ kind: 'PersistentVolumeClaim', name: claim.claimName, ...at })]),
    ...projected,
  ];
}

/** A volume source with `items` needs each listed key; without, only the object. */
function items(draft: Omit<Draft, 'name'>, source: KubeKeyItems | undefined): readonly ReferenceFact[] {
  if (source === undefined) {
    return [];
  }
  const base = { ...draft, name: source.name ?? source.secretName, optional: source.optional ?? false };
  const keys = (source.items ?? []).map((item) => reference({ ...base, key: item.key ?? '' }));
  return keys.length > 0 ? keys : [reference(base)];
}

/** One volume mount of a container with what its volume is made of. */
export interface MountFact {
  readonly container: string;
  /** The index in that container's `volumeMounts`, as the kubelet uses it in subPath directories. */
  readonly index: number;
  readonly volume: string;
  readonly mountPath: string;
  /** Empty without subPath. */
  readonly subPath: string;
  /** The key of the volume's source in the pod spec: `configMap`, `secret`, `persistentVolumeClaim`, … */
  readonly source: string;
  /** The object behind it; empty for volumes that name none. */
  readonly object: string;
}

/** The mounts of all containers. */
export function mountsOf(pod: KubePod): readonly MountFact[] {
  const volumes = pod.spec?.volumes ?? [];
  const containers = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  return containers.flatMap((container) =>
    (container.volumeMounts ?? []).map((mount, index) => {
      const volume = volumes.find((candidate) => candidate.name === mount.name);
      return {
        container: container.name ?? '',
        index,
        volume: mount.name ?? '',
        mountPath: mount.mountPath ?? '',
        subPath: mount.subPath ?? mount.subPathExpr ?? '',
        source: Object.keys(volume ?? {}).find((key) => key !== 'name') ?? '',
        object: objectOf(volume),
      };
    }),
  );
}

function objectOf(volume: KubeVolume | undefined): string {
  const source = volume?.configMap ?? volume?.secret;
  return source?.name ?? source?.secretName ?? volume?.persistentVolumeClaim?.claimName ?? '';
}
