import { RESOURCE_TYPES, type ResourceType } from './kinds.ts';

/** What identifies a resource of the API that need not be in the table, such as a custom one. */
export interface ResourceName {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** The plural in the path. */
  readonly resource: string;
}

const LABEL = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const GROUP = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;
const VERSION = /^v[a-z0-9]{1,20}$/;
/** `widgets.v1.example.com`, as kubectl takes it; the core group leaves the end empty. */
const WORDS = /^([^.]+)\.(v[a-z0-9]{1,20})\.(.*)$/;

/**
 * A namespaced resource by its name alone: the one of the table, or one whose kind is not known and which is called
 * `widgets.example.com`. Undefined for what can be no part of a path of the API: names come from messages of the cluster.
 */
export function namespacedResource({ group, version, resource }: ResourceName): ResourceType | undefined {
  const isGroup = group === '' || (GROUP.test(group) && !group.includes('..'));
  if (!isGroup || !VERSION.test(version) || !LABEL.test(resource)) {
    return undefined;
  }
  const known = RESOURCE_TYPES.find((type) => type.group === group && type.resource === resource);
  if (known !== undefined) {
    return known.namespaced ? known : undefined;
  }
  return { kind: `${resource}.${group}`, group, version, resource, namespaced: true, shortNames: [] };
}

/** Whether a resource is one of the table, for which there are permissions that can be told beforehand. */
export function isTabledResource({ group, resource }: Pick<ResourceType, 'group' | 'resource'>): boolean {
  return RESOURCE_TYPES.some((type) => type.group === group && type.resource === resource);
}

/** Whether a kind is the stand-in `widgets.example.com` of one that is not known. */
export function isUntabledKind(kind: string): boolean {
  const dot = kind.indexOf('.');
  const [resource, group] = [kind.slice(0, Math.max(dot, 0)), kind.slice(dot + 1)];
  return (
    dot > 0 && LABEL.test(resource) && (group === '' || GROUP.test(group)) && !isTabledResource({ group, resource })
  );
}

/** `widgets.v1.example.com` for a resource that is not in the table; undefined for others. */
export function untabledWords(type: ResourceName): string | undefined {
  return isTabledResource(type) ? undefined : `${type.resource}.${type.version}.${type.group}`;
}

/** The resource that such words name; undefined for others. */
export function untabledResource(words: string): ResourceType | undefined {
  const [, resource = '', version = '', group = ''] = WORDS.exec(words) ?? [];
  const type = namespacedResource({ group, version, resource });
  return type === undefined || isTabledResource(type) ? undefined : type;
}
