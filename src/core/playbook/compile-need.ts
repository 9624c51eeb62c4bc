import { isAboutImage } from '../ceph/command.ts';
import { resourceByPlural } from '../subject/kinds.ts';
import type { CompiledNeed } from './compiled.ts';
import type { NeedDefinition } from './definition.ts';
import { condition, optional, type PartCompiler } from './part-compiler.ts';

type Compiled<Kind extends CompiledNeed['kind']> = Omit<Extract<CompiledNeed, { kind: Kind }>, 'name' | 'when'>;
type Defined<Key extends string> = Extract<NeedDefinition, Record<Key, unknown>>;

/** A further fact of a playbook, ready to be read. */
export function compileNeed(name: string, need: NeedDefinition, parts: PartCompiler): CompiledNeed {
  const path = `spec.needs.${name}`;
  return { name, ...condition(need.when, parts, `${path}.when`), ...compileSource(need, parts, path) };
}

function compileSource(need: NeedDefinition, parts: PartCompiler, path: string) {
  if ('runbook' in need) {
    return compileRunbook(need, parts, path);
  }
  if ('log' in need) {
    return compileLog(need, parts, path);
  }
  if ('metadataOf' in need) {
    return compileMetadata(need, parts, path);
  }
  return 'get' in need ? compileGet(need, parts, path) : compileList(need, parts, path);
}

function compileGet(need: Defined<'get'>, parts: PartCompiler, path: string): Compiled<'get'> {
  return {
    kind: 'get',
    ...optional('namespace', need.namespace, parts, path),
    metadataOnly: need.metadataOnly ?? false,
    resource: resourceByPlural(need.get),
    objectName: parts.template(need.name, `${path}.name`),
  };
}

function compileList(need: Defined<'list'>, parts: PartCompiler, path: string): Compiled<'list'> {
  return {
    kind: 'list',
    ...optional('namespace', need.namespace, parts, path),
    metadataOnly: need.metadataOnly ?? false,
    resource: resourceByPlural(need.list),
    allNamespaces: need.allNamespaces ?? false,
    ...optional('labelSelector', need.labelSelector, parts, path),
    ...optional('fieldSelector', need.fieldSelector, parts, path),
    ...(need.limit === undefined ? {} : { limit: need.limit }),
  };
}

function compileLog(need: Defined<'log'>, parts: PartCompiler, path: string): Compiled<'log'> {
  const previous = typeof need.previous === 'string' ? need.previous : String(need.previous ?? false);
  return {
    kind: 'log',
    container: parts.late(need.log, `${path}.log`),
    previous: parts.late(previous, `${path}.previous`),
    ...optional('pod', need.pod, parts, path),
    ...optional('namespace', need.namespace, parts, path),
  };
}

function compileMetadata(need: Defined<'metadataOf'>, parts: PartCompiler, path: string): Compiled<'metadata'> {
  const { group, version, resource } = need.metadataOf;
  return {
    kind: 'metadata',
    group: parts.template(group, `${path}.metadataOf.group`),
    version: parts.template(version, `${path}.metadataOf.version`),
    resourceName: parts.template(resource, `${path}.metadataOf.resource`),
    ...optional('namespace', need.namespace, parts, path),
    ...(need.limit === undefined ? {} : { limit: need.limit }),
  };
}

function compileRunbook(
  { runbook: read, pool, image }: Defined<'runbook'>,
  parts: PartCompiler,
  path: string,
): Compiled<'runbook'> {
  const named = pool !== undefined && image !== undefined;
  if (isAboutImage(read) ? !named : pool !== undefined || image !== undefined) {
    parts.problem(path, isAboutImage(read) ? `${read} needs pool and image` : `${read} takes neither pool nor image`);
  }
  return { kind: 'runbook', read, ...optional('pool', pool, parts, path), ...optional('image', image, parts, path) };
}
