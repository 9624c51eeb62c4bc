import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

const FOLDER = join(import.meta.dirname, '../../deploy/rbac');

/** A rule of a role. */
export interface RoleRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
}

/** A document of deploy/rbac, as far as tests look at it. */
export interface RbacDocument {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly RoleRule[];
  readonly roleRef?: { readonly apiGroup: string; readonly kind: string; readonly name: string };
  readonly subjects?: readonly { readonly kind: string; readonly name: string; readonly namespace?: string }[];
}

/** The names of all files. */
export function rbacFiles(): readonly string[] {
  return readdirSync(FOLDER).toSorted((a, b) => a.localeCompare(b));
}

/** The documents of a file. */
export function rbacDocuments(file: string): readonly RbacDocument[] {
  return parseAllDocuments(readFileSync(join(FOLDER, file), 'utf8')).map((one) => one.toJS() as RbacDocument);
}

/** Every right that the roles of a file grant, one by one and sorted: `delete pods`, `patch deployments.apps`. */
export function grantedBy(file: string): readonly string[] {
  const rules = rbacDocuments(file).flatMap((document) => document.rules ?? []);
  return rules.flatMap(rightsOf).toSorted((a, b) => a.localeCompare(b));
}

/** The rights of a rule, one by one. */
export function rightsOf({ verbs, apiGroups = [], resources = [], nonResourceURLs = [] }: RoleRule): readonly string[] {
  const named = apiGroups.flatMap((group) => resources.map((one) => (group === '' ? one : `${one}.${group}`)));
  return verbs.flatMap((verb) => [...named, ...nonResourceURLs].map((what) => `${verb} ${what}`));
}
