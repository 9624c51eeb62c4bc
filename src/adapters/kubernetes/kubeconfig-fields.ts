import { dirname, isAbsolute, join } from 'node:path';
import type { ClusterEntry, ExecEntry, Material, UserEntry } from './connection.ts';

/** A mapping of a kubeconfig file; fields that are not used are ignored, as kubectl does. */
export interface Fields {
  readonly [key: string]: unknown;
}

/** The value as a mapping; empty for everything else. */
export function fieldsOf(value: unknown): Fields {
  // A mapping parsed from YAML has string keys; its values stay unknown.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** The value as a list of mappings; empty for everything else. */
export function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

/** A text that is not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function resolveBeside(file: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path);
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  // A computed key widens to string, so the type is stated.
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };
}

function material(fields: Fields, key: string, file: string): Material | undefined {
  const base64 = textOf(fields[`${key}-data`]);
  if (base64 !== undefined) {
    return { base64 };
  }
  const path = textOf(fields[key]);
  return path === undefined ? undefined : { file: resolveBeside(file, path) };
}

/** Reads one entry of `clusters`; `file` is where it stands, for relative paths. */
export function clusterEntry(name: string, fields: Fields, file: string): ClusterEntry {
  return {
    name,
    server: textOf(fields['server']) ?? '',
    skipTlsVerify: fields['insecure-skip-tls-verify'] === true,
    ...optional('ca', material(fields, 'certificate-authority', file)),
    ...optional('tlsServerName', textOf(fields['tls-server-name'])),
    ...optional('proxyUrl', textOf(fields['proxy-url'])),
  };
}

/** Reads one entry of `users`; `file` is where it stands, for relative paths. */
export function userEntry(name: string, fields: Fields, file: string): UserEntry {
  const tokenFile = textOf(fields['tokenFile']);
  const provider = fieldsOf(fields['auth-provider']);
  const providerName = textOf(provider['name']);
  return {
    name,
    impersonate: impersonation(fields),
    ...optional('cert', material(fields, 'client-certificate', file)),
    ...optional('key', material(fields, 'client-key', file)),
    ...optional('token', textOf(fields['token'])),
    ...optional('tokenFile', tokenFile === undefined ? undefined : resolveBeside(file, tokenFile)),
    ...optional('username', textOf(fields['username'])),
    ...optional('password', textOf(fields['password'])),
    ...optional('exec', execEntry(fieldsOf(fields['exec']), file)),
    ...optional(
      'authProvider',
      providerName === undefined ? undefined : { name: providerName, config: fieldsOf(provider['config']) },
    ),
  };
}

function impersonation(fields: Fields): Readonly<Record<string, string | readonly string[]>> {
  const user = textOf(fields['as']);
  if (user === undefined) {
    return {};
  }
  const groups = texts(fields['as-groups']);
  const extra = Object.entries(fieldsOf(fields['as-user-extra'])).map(
    ([key, values]) => [`Impersonate-Extra-${encodeURIComponent(key)}`, texts(values)] as const,
  );
  return {
    'Impersonate-User': user,
    ...optional('Impersonate-Uid', textOf(fields['as-uid'])),
    ...(groups.length === 0 ? {} : { 'Impersonate-Group': groups }),
    ...Object.fromEntries(extra),
  };
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function execEntry(fields: Fields, file: string): ExecEntry | undefined {
  const command = textOf(fields['command']);
  if (command === undefined) {
    return undefined;
  }
  const env = listOf(fields['env']).map((entry) => ({
    name: textOf(entry['name']) ?? '',
    value: textOf(entry['value']) ?? '',
  }));
  return {
    // As kubectl: a bare name is looked up in PATH, a relative path starts at the kubeconfig file.
    command: command.includes('/') ? resolveBeside(file, command) : command,
    args: texts(fields['args']),
    env: env.filter((entry) => entry.name !== ''),
    apiVersion: textOf(fields['apiVersion']) ?? 'client.authentication.k8s.io/v1',
    interactiveMode: textOf(fields['interactiveMode']) ?? 'IfAvailable',
    provideClusterInfo: fields['provideClusterInfo'] === true,
    ...optional('installHint', textOf(fields['installHint'])),
  };
}
