import { readFile } from 'node:fs/promises';
import type { StoredExpression } from '../../core/expression/cel.ts';
import type { PlaybookSet } from '../../core/playbook/compile-set.ts';

/** The built-in playbooks as the build writes them: validated documents and the syntax trees of their expressions. */
export interface PlaybookBundle {
  readonly set: PlaybookSet;
  readonly parsed: Readonly<Record<string, StoredExpression>>;
}

/** Reads a bundle that the build wrote. */
export async function readBundle(path: string): Promise<PlaybookBundle> {
  // The file is part of the installation and was validated when it was built.
  return JSON.parse(await readFile(path, 'utf8')) as PlaybookBundle;
}

/** The contents of a bundle as documents, to be read together with others. */
export function bundleDocuments({
  set,
}: PlaybookBundle): readonly { readonly file: string; readonly content: unknown }[] {
  const library = { apiVersion: 'kubewhy.dev/v1', kind: 'SignatureLibrary', signatures: set.signatures };
  return [
    { file: 'built-in signatures', content: library },
    ...set.playbooks.map(({ file, definition }) => ({ file: `built-in ${file}`, content: definition })),
  ];
}
