import type { LoadProblem, PlaybookSet } from './compile-set.ts';
import { playbookSchema, type SignatureLibrary, signatureLibrarySchema } from './definition.ts';

/** One YAML document as it was read. */
export interface PlaybookDocument {
  /** For messages: the path of the file. */
  readonly file: string;
  readonly content: unknown;
}

/**
 * Validates documents. Later documents replace earlier ones of the same name; `disabled: true` removes a playbook.
 * All problems are returned together.
 */
export function readPlaybookSet(documents: readonly PlaybookDocument[]): {
  readonly set: PlaybookSet;
  readonly problems: readonly LoadProblem[];
} {
  const problems: LoadProblem[] = [];
  const playbooks = new Map<string, PlaybookSet['playbooks'][number]>();
  const signatures: Record<string, SignatureLibrary['signatures'][string]> = {};
  for (const { file, content } of documents) {
    if (isLibrary(content)) {
      const parsed = signatureLibrarySchema.safeParse(content);
      Object.assign(signatures, parsed.data?.signatures);
      problems.push(...schemaProblems(file, parsed.error?.issues ?? []));
      continue;
    }
    const parsed = playbookSchema.safeParse(content);
    if (parsed.success) {
      playbooks.set(parsed.data.metadata.name, { file, definition: parsed.data });
    }
    problems.push(...schemaProblems(file, parsed.error?.issues ?? []));
  }
  const active = [...playbooks.values()].filter(({ definition }) => definition.metadata.disabled !== true);
  return { set: { playbooks: active, signatures }, problems };
}

function isLibrary(content: unknown): boolean {
  return typeof content === 'object' && content !== null && 'kind' in content && content.kind === 'SignatureLibrary';
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly code?: string;
  readonly errors?: readonly (readonly Issue[])[];
}

/** zod reports a union as one issue with the issues of each branch; the branch that got furthest explains best. */
function schemaProblems(
  file: string,
  issues: readonly Issue[],
  parent: readonly PropertyKey[] = [],
): readonly LoadProblem[] {
  return issues.flatMap((issue) => {
    const path = [...parent, ...issue.path];
    const branch = issue.errors?.toSorted((a, b) => a.length - b.length || depth(b) - depth(a))[0];
    return branch === undefined || branch.length === 0
      ? [{ file, path: pathText(path), reason: issue.message }]
      : schemaProblems(file, branch, path);
  });
}

function depth(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}
