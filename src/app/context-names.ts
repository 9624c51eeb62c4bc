import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { parse } from 'yaml';

/** The names of the contexts in the kubeconfig files; empty when they cannot be read. */
export async function contextNames(choice: {
  readonly kubeconfig?: string | undefined;
  readonly home?: string | undefined;
}): Promise<readonly string[]> {
  const standard = choice.home === undefined ? '' : join(choice.home, '.kube', 'config');
  const files = (choice.kubeconfig ?? standard).split(delimiter).filter((file) => file !== '');
  const names = await Promise.all(files.map((file) => namesIn(file).catch(() => [])));
  return [...new Set(names.flat())];
}

async function namesIn(file: string): Promise<readonly string[]> {
  const document: unknown = parse(await readFile(file, 'utf8'));
  const contexts = typeof document === 'object' && document !== null && 'contexts' in document ? document.contexts : [];
  return Array.isArray(contexts) ? contexts.flatMap(nameOf) : [];
}

function nameOf(context: unknown): readonly string[] {
  const named = typeof context === 'object' && context !== null && 'name' in context;
  return named && typeof context.name === 'string' ? [context.name] : [];
}
