import { z } from 'zod';
import type { ClusterSettings, Settings, SettingsPath, SettingsProblem, SettingsResult } from './settings.ts';
import { crossProblems } from './settings-cross-checks.ts';
import { settingsSchema } from './settings-schema.ts';

/** The cluster of an installation that names none. */
const ONLY_CLUSTER: ClusterSettings = { name: 'default', default: true };

/** Validates the content of `kubewhy.yaml`; an empty file is `undefined` or `null`. All problems are returned together. */
export function parseSettings(content: unknown): SettingsResult {
  const parsed = settingsSchema.safeParse(content ?? {});
  if (!parsed.success) {
    return { kind: 'invalid', problems: parsed.error.issues.flatMap((issue) => problemsOf(issue)) };
  }
  const { clusters = [ONLY_CLUSTER], ...rest } = parsed.data;
  // zod writes an absent key as `undefined` into its types, never into its results.
  const settings = { clusters, ...rest } as Settings;
  const problems = crossProblems(settings);
  return problems.length > 0 ? { kind: 'invalid', problems } : { kind: 'valid', settings: deepFreeze(settings) };
}

/** The JSON Schema of `kubewhy.yaml`, as `docs/schema/settings.schema.json` holds it. */
export function settingsJsonSchema(): object {
  return z.toJSONSchema(settingsSchema, { io: 'input' });
}

type Issue = z.core.$ZodIssue;

function problemsOf(issue: Issue): readonly SettingsProblem[] {
  const path = pathOf(issue.path);
  if (issue.code !== 'unrecognized_keys') {
    return [{ path, reason: reasonOf(issue) }];
  }
  const known = keysAt(path);
  return issue.keys.map((key) => ({
    path: [...path, key],
    reason: /token|secret|password/i.test(key)
      ? 'there is no such key; secrets belong into the environment, see .env.example'
      : 'there is no such key',
    unknown: { word: key, known },
  }));
}

/** What zod says, in words for somebody who writes YAML. */
function reasonOf(issue: Issue): string {
  const isMissing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
  if (isMissing) {
    return 'this key is required';
  }
  return issue.message
    .replace(/^Invalid (?:input|option): /, '')
    .replace(/^Too big: expected .*?<=?(\d+)/, 'at most $1')
    .replace(/^Too small: expected .*?>=?(\d+)/, 'at least $1')
    .replace(/"\|"/g, '" or "');
}

function pathOf(path: readonly PropertyKey[]): SettingsPath {
  return path.map((part) => (typeof part === 'number' ? part : String(part)));
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
}

/** The keys that are known at a place. */
function keysAt(path: SettingsPath): readonly string[] {
  let node: SchemaNode | undefined = settingsJsonSchema();
  for (const part of path) {
    node = typeof part === 'number' ? node?.items : node?.properties?.[part];
  }
  return Object.keys(node?.properties ?? {});
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null) {
      deepFreeze(part as object);
    }
  }
  return Object.freeze(value);
}
