import type { ResourceType } from '../subject/kinds.ts';

/** Verbs that are asked about; `*` asks for all of them at once. */
export type RightVerb =
  | 'get'
  | 'list'
  | 'watch'
  | 'create'
  | 'delete'
  | 'patch'
  | 'update'
  | 'impersonate'
  | 'escalate'
  | '*';

/** One verb on one kind of object, as RBAC grants it. */
export interface Right {
  readonly verb: RightVerb;
  /** Empty for the core group. */
  readonly group: string;
  /** The plural, with a subresource as in `pods/log`. */
  readonly resource: string;
}

/** Where a right is needed: everywhere (also for cluster-scoped objects), in one namespace, or where people ask. */
export type RightScope = 'everywhere' | 'asked' | { readonly namespace: string };

/** A right with what needs it. */
export interface NeededRight {
  readonly right: Right;
  readonly scope: RightScope;
  /** Empty: every question needs it, or what `purpose` says. */
  readonly playbooks: readonly string[];
  /** `changes`: needed only to tell what changed before an incident. `watch`: needed only to watch pods. */
  readonly purpose?: 'changes' | 'watch';
  /** Codes of actions that need it; empty: every approved change does. Absent for what is only read. */
  readonly actions?: readonly string[];
}

/** `get pods/log`, `list replicasets.apps`. */
export function rightWords({ verb, group, resource }: Right): string {
  return `${verb} ${resource}${group === '' ? '' : `.${group}`}`;
}

/** The right to one verb of a resource in the table. */
export function rightTo(verb: Right['verb'], { group, resource }: ResourceType): Right {
  return { verb, group, resource };
}
