import type { JsonObject } from '../core/facts/json.ts';
import { childOf, childrenOf, textAt } from '../core/recording/object-parts.ts';
import { resourceOf } from '../core/subject/kinds.ts';
import type { ActionContext, Refusal } from './action.ts';
import type { PodTarget } from './pod-target.ts';
import { unproven } from './refuse.ts';

/** The volumes of a pod that outlive it. */
export interface PodVolumes {
  readonly kind: 'volumes';
  /** Names of those that only one writer may have at a time, or of which that cannot be excluded. */
  readonly single: readonly string[];
  /** Files of the node itself. */
  readonly host: readonly string[];
  /** As a node lists them under `status.volumesInUse`: `kubernetes.io/csi/DRIVER^HANDLE`. */
  readonly unique: readonly string[];
}

/** Volumes that end with the pod, or that many may write to. */
const HARMLESS = [
  'configMap',
  'secret',
  'emptyDir',
  'projected',
  'downwardAPI',
  'image',
  'gitRepo',
  'nfs',
  'cephfs',
  'azureFile',
  'glusterfs',
];
const SHARED_MODES = ['ReadWriteMany', 'ReadOnlyMany'];

/** Reads what a pod could write to beside its successor. A claim that cannot be read proves nothing. */
export async function readPodVolumes(target: PodTarget, context: ActionContext): Promise<PodVolumes | Refusal> {
  const volumes = childrenOf(childOf(target.raw, 'spec'), 'volumes');
  const single: string[] = [];
  const unique: string[] = [];
  for (const volume of volumes) {
    const claim = claimOf(volume, target.name);
    const read = claim === undefined ? undefined : await readClaim(claim, target.namespace, context);
    if (read?.kind === 'refused') {
      return read;
    }
    if (read === undefined ? isUnknownKind(volume) : !read.shared) {
      single.push(textAt(volume, 'name'));
    }
    unique.push(...(read?.unique ?? []));
  }
  return { kind: 'volumes', single, unique, host: volumes.filter(isHostPath).map((volume) => textAt(volume, 'name')) };
}

function isHostPath(volume: JsonObject): boolean {
  return volume['hostPath'] !== undefined;
}

/** Any kind of inline volume that is not known to be harmless could be a disk. */
function isUnknownKind(volume: JsonObject): boolean {
  return Object.keys(volume).some((key) => key !== 'name' && key !== 'hostPath' && !HARMLESS.includes(key));
}

function claimOf(volume: JsonObject, pod: string): string | undefined {
  if (volume['ephemeral'] !== undefined) {
    return `${pod}-${textAt(volume, 'name')}`;
  }
  return volume['persistentVolumeClaim'] === undefined
    ? undefined
    : textAt(childOf(volume, 'persistentVolumeClaim'), 'claimName');
}

async function readClaim(
  name: string,
  namespace: string,
  context: ActionContext,
): Promise<{ readonly kind: 'claim'; readonly shared: boolean; readonly unique: readonly string[] } | Refusal> {
  const result = await context.reader.get({ resource: resourceOf('PersistentVolumeClaim'), namespace, name });
  if (result.kind === 'unreadable') {
    return unproven(`PersistentVolumeClaim ${namespace}/${name}`, result.message);
  }
  if (result.kind === 'missing') {
    return { kind: 'claim', shared: false, unique: [] };
  }
  const spec = childOf(result.object, 'spec');
  const modes = [spec['accessModes'], childOf(result.object, 'status')['accessModes']].flatMap((list) =>
    Array.isArray(list) ? list.filter((mode) => typeof mode === 'string') : [],
  );
  const shared = modes.length > 0 && modes.every((mode) => SHARED_MODES.includes(mode));
  return { kind: 'claim', shared, unique: await uniqueName(textAt(spec, 'volumeName'), context) };
}

/** Only tells more; nothing is decided by it, so that a failed read leaves it out. */
async function uniqueName(volume: string, context: ActionContext): Promise<readonly string[]> {
  const result =
    volume === '' ? undefined : await context.reader.get({ resource: resourceOf('PersistentVolume'), name: volume });
  const csi = result?.kind === 'found' ? childOf(childOf(result.object, 'spec'), 'csi') : {};
  const [driver, handle] = [textAt(csi, 'driver'), textAt(csi, 'volumeHandle')];
  return driver === '' || handle === '' ? [] : [`kubernetes.io/csi/${driver}^${handle}`];
}
