import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RbacDocument, type RoleRule, rbacDocuments } from '../deploy/rbac-files.ts';
import type { TestCluster } from './cluster.ts';

/** Files of deploy/rbac as a test installs them: beside others, and easy to remove. */
export interface Installed {
  /** Where their service accounts are; it exists already. Part of every other name. */
  readonly namespace: string;
  readonly files: readonly string[];
  /** Further rules of roles, by the name that the role has in its file. */
  readonly more?: Readonly<Record<string, readonly RoleRule[]>>;
}

const LABEL = 'kubewhy-test';
const ADMISSION = join(import.meta.dirname, '../../deploy/admission/executor.yaml');

/** The documents of the files under names and for accounts of this test. */
export function rolesOf({ namespace, files, more = {} }: Installed): readonly object[] {
  const renamed = (name: string): string => `${name}-${namespace}`;
  const own = (document: RbacDocument): object => {
    if (document.kind === 'ServiceAccount') {
      return { ...document, metadata: { ...document.metadata, namespace } };
    }
    const { roleRef, subjects, rules, metadata } = document;
    return {
      ...document,
      metadata: { name: renamed(metadata.name), labels: { [LABEL]: namespace } },
      ...(rules === undefined ? {} : { rules: [...rules, ...(more[metadata.name] ?? [])] }),
      ...(roleRef === undefined ? {} : { roleRef: { ...roleRef, name: renamed(roleRef.name) } }),
      ...(subjects === undefined ? {} : { subjects: subjects.map((subject) => ({ ...subject, namespace })) }),
    };
  };
  return files
    .flatMap(rbacDocuments)
    .filter(({ kind }) => kind !== 'Namespace')
    .map(own);
}

/** What `deploy/admission` refuses the executor of `rolesOf`, who alone is concerned. */
export async function admissionOf(namespace: string): Promise<string> {
  const text = await readFile(ADMISSION, 'utf8');
  return text
    .replaceAll(/(name|policyName): kubewhy-executor$/gm, `$1: kubewhy-executor-${namespace}`)
    .replaceAll('serviceaccount:kubewhy:', `serviceaccount:${namespace}:`);
}

/** Removes what `rolesOf` and `admissionOf` made outside of the namespace. */
export async function removeRoles(cluster: TestCluster, namespace: string): Promise<void> {
  const gone = '--ignore-not-found';
  await cluster.kubectl(['delete', 'clusterrole,clusterrolebinding', '-l', `${LABEL}=${namespace}`, gone]);
  const policies = 'validatingadmissionpolicy,validatingadmissionpolicybinding';
  await cluster.kubectl(['delete', policies, `kubewhy-executor-${namespace}`, gone]);
}
