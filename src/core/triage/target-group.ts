import type { AlertTarget, MappedAlert, TargetObject } from './alert-target.ts';

/** Alerts about the same thing in the same cluster. */
export interface TargetGroup {
  readonly target: AlertTarget;
  /** Empty when no cluster could be told. */
  readonly cluster: string;
  readonly alerts: readonly MappedAlert[];
}

/** Groups alerts by what they are about, in the order in which they came; ignored ones are left out. */
export function groupByTarget(mapped: readonly MappedAlert[]): readonly TargetGroup[] {
  const groups = new Map<string, MappedAlert[]>();
  for (const one of mapped.filter(({ target }) => target.kind !== 'ignored')) {
    const key = `${one.cluster?.name ?? ''} ${targetKey(one)}`;
    const group = groups.get(key) ?? [];
    group.push(one);
    groups.set(key, group);
  }
  return [...groups.values()].flatMap((alerts) => {
    const [first] = alerts;
    return first === undefined ? [] : [{ target: first.target, cluster: first.cluster?.name ?? '', alerts }];
  });
}

/** What an alert is about, in words; made of checked names, or hostile where it says why there is no name. */
export function targetTitle(target: AlertTarget): string {
  switch (target.kind) {
    case 'object':
      return objectTitle(target.object);
    case 'node-address':
      return `the node with the address ${target.address}`;
    case 'scrape-target':
      return `scrape target ${target.job ?? target.address ?? 'without a name'}`;
    case 'control-plane':
      return `control plane: ${target.part}`;
    case 'cluster':
      return 'the cluster as a whole';
    case 'ignored':
      return `ignored, ${target.reason}`;
    case 'unmapped':
      return `not mapped, ${target.reason}`;
  }
}

function objectTitle({ kind, namespace, name }: TargetObject): string {
  return `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
}

/** What could not be mapped stands for itself: two such alerts need not have anything in common. */
function targetKey({ target, alert }: MappedAlert): string {
  return target.kind === 'unmapped' ? `unmapped ${alert.fingerprint}` : targetTitle(target);
}
