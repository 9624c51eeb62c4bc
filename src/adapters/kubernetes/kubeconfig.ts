import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parse } from 'yaml';
import { KubewhyError } from '../../core/errors/kubewhy-error.ts';
import { nearestNames } from '../../core/facts/nearest.ts';
import { listWords, printable, shorten } from '../../core/facts/text.ts';
import type { Connection } from './connection.ts';
import { clusterEntry, type Fields, fieldsOf, listOf, textOf, userEntry } from './kubeconfig-fields.ts';

/** Where kubeconfig files may be and which context is wanted. */
export interface KubeconfigChoice {
  /** One path, or several separated as in KUBECONFIG; of several, those that do not exist are skipped. */
  readonly kubeconfig?: string;
  /** The home directory, for `.kube/config` when no path is given. */
  readonly home?: string;
  readonly context?: string;
}

interface Named {
  readonly name: string;
  readonly fields: Fields;
  readonly file: string;
}

interface Merged {
  readonly files: readonly string[];
  readonly contexts: readonly Named[];
  readonly clusters: readonly Named[];
  readonly users: readonly Named[];
  readonly current: string | undefined;
}

/** Reads and merges the kubeconfig files as kubectl does (the first file that names something wins); undefined when there are none. */
export function readKubeconfig(choice: KubeconfigChoice): Connection | undefined {
  const files = kubeconfigFiles(choice);
  return files.length === 0 ? undefined : select(merge(files), choice.context);
}

function kubeconfigFiles({ kubeconfig, home }: KubeconfigChoice): readonly string[] {
  const named = (kubeconfig ?? '').split(delimiter).filter((path) => path !== '');
  if (named.length === 0) {
    const standard = home === undefined ? undefined : join(home, '.kube', 'config');
    return standard !== undefined && existsSync(standard) ? [standard] : [];
  }
  const existing = named.filter((path) => existsSync(path));
  if (existing.length === 0) {
    const are = named.length === 1 ? 'file does' : 'files do';
    throw invalid(`The kubeconfig ${are} not exist: ${listWords(named)}.`);
  }
  return existing;
}

function merge(files: readonly string[]): Merged {
  const documents = files.map((file) => ({ file, fields: readDocument(file) }));
  const collect = (list: string, entry: string): readonly Named[] =>
    documents.flatMap(({ file, fields }) =>
      listOf(fields[list]).map((item) => ({ name: textOf(item['name']) ?? '', fields: fieldsOf(item[entry]), file })),
    );
  return {
    files,
    contexts: collect('contexts', 'context'),
    clusters: collect('clusters', 'cluster'),
    users: collect('users', 'user'),
    current: documents.map(({ fields }) => textOf(fields['current-context'])).find((name) => name !== undefined),
  };
}

function readDocument(file: string): Fields {
  const parsed = parseDocument(file, readText(file));
  if (parsed !== null && Object.keys(fieldsOf(parsed)).length === 0) {
    throw invalid(`The kubeconfig ${file} is not a kubeconfig: it holds no mapping.`);
  }
  return fieldsOf(parsed);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw invalid(`The kubeconfig ${file} cannot be read: ${reason(cause)}.`, cause);
  }
}

function parseDocument(file: string, text: string): unknown {
  try {
    return text.trimStart().startsWith('{') ? JSON.parse(text) : parse(text, { uniqueKeys: false, logLevel: 'error' });
  } catch (cause) {
    // The parser's error quotes the text around the place, which may be a key or a token: it is not kept as the cause.
    throw invalid(`The kubeconfig ${file} is not valid YAML: ${place(cause)}.`);
  }
}

function place(cause: unknown): string {
  const line = fieldsOf(listOf(fieldsOf(cause)['linePos'])[0])['line'];
  return typeof line === 'number' ? `the error is in line ${line}` : 'it cannot be parsed';
}

function select(merged: Merged, wanted: string | undefined): Connection {
  const context = selectContext(merged, wanted);
  const cluster = referred(merged, context, 'cluster');
  const user = context.fields['user'] === undefined ? undefined : referred(merged, context, 'user');
  const entry = clusterEntry(cluster.name, cluster.fields, cluster.file);
  checkServer(entry.server, cluster);
  return {
    context: context.name,
    namespace: textOf(context.fields['namespace']) ?? 'default',
    cluster: entry,
    user: user === undefined ? { name: '', impersonate: {} } : userEntry(user.name, user.fields, user.file),
  };
}

function selectContext(merged: Merged, wanted: string | undefined): Named {
  const name = wanted ?? merged.current;
  const from = listWords(merged.files);
  if (name === undefined) {
    throw invalid(`${from} has no current context.${contextsOf(merged)}`, undefined, 'Choose one with --context.');
  }
  const context = find(merged.contexts, name);
  if (context !== undefined) {
    return context;
  }
  const near = nearestNames(name, namesOf(merged.contexts))[0];
  const mean = near === undefined ? '' : ` Did you mean \`${near}\`?`;
  const hint = 'Choose a context with --context or correct current-context.';
  throw invalid(`The context "${name}" is not in ${from}.${mean}${contextsOf(merged)}`, undefined, hint);
}

function referred(merged: Merged, context: Named, what: 'cluster' | 'user'): Named {
  const name = textOf(context.fields[what]) ?? '';
  const found = find(merged[`${what}s`], name);
  if (found === undefined) {
    throw invalid(
      `The context "${context.name}" refers to the ${what} "${name}", which is not in ${listWords(merged.files)}.`,
    );
  }
  return found;
}

function checkServer(server: string, cluster: Named): void {
  const protocol = URL.canParse(server) ? new URL(server).protocol : '';
  if (protocol !== 'https:' && protocol !== 'http:') {
    throw invalid(
      `The cluster "${cluster.name}" in ${cluster.file} has no usable address: \`server\` must be a URL that begins with https://.`,
    );
  }
}

function find(list: readonly Named[], name: string): Named | undefined {
  return list.find((item) => item.name === name);
}

function namesOf(list: readonly Named[]): readonly string[] {
  return list.map((item) => item.name).filter((name) => name !== '');
}

function contextsOf(merged: Merged): string {
  const names = namesOf(merged.contexts);
  return names.length === 0 ? ' It has no contexts.' : ` The contexts are: ${listWords(names, 20)}.`;
}

function reason(cause: unknown): string {
  const { code } = fieldsOf(cause);
  const known: Readonly<Record<string, string>> = {
    EACCES: 'permission denied',
    EISDIR: 'it is a directory',
    ENOENT: 'it does not exist',
  };
  return (typeof code === 'string' ? known[code] : undefined) ?? 'reading it failed';
}

/** KUBECONFIG_INVALID with a message that is safe to print. */
export function invalid(message: string, cause?: unknown, hint?: string): KubewhyError {
  return new KubewhyError('KUBECONFIG_INVALID', {
    message: shorten(printable(message), 1000),
    ...(cause === undefined ? {} : { cause }),
    ...(hint === undefined ? {} : { hint }),
  });
}
