import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitCodeOf, exitCodeOfError } from '../../src/cli/exit-codes.ts';
import { ERROR_CATALOGUE, type ErrorCode } from '../../src/core/errors/catalogue.ts';
import { KubewhyError } from '../../src/core/errors/kubewhy-error.ts';

// The keys of the catalogue are its codes.
const CODES = Object.keys(ERROR_CATALOGUE) as ErrorCode[];
const ERRORS_FILE = join(import.meta.dirname, '../../docs/errors.md');

describe('exit codes', () => {
  it.each([
    ['healthy', 0],
    ['starting', 0],
    ['finished', 0],
    ['stopping', 0],
    ['cause', 1],
    ['unknown', 2],
  ] as const)('%s: %i', (verdict, code) => {
    expect(exitCodeOf(verdict)).toBe(code);
  });

  it('of every error', () => {
    const codes = Object.fromEntries(
      CODES.map((code) => [code, exitCodeOfError(new KubewhyError(code, { message: '' }))]),
    );

    expect(codes).toMatchObject({
      USAGE: 3,
      SUBJECT_NOT_FOUND: 3,
      SUBJECT_AMBIGUOUS: 3,
      KUBECONFIG_INVALID: 3,
      PLAYBOOKS_INVALID: 3,
      RECORDING_INVALID: 3,
      CLUSTER_UNREACHABLE: 4,
      CLUSTER_TIMEOUT: 4,
      CREDENTIALS_REJECTED: 4,
      READ_FORBIDDEN: 4,
      BUG: 2,
    });
  });

  it('of what is not one of our errors', () => {
    expect(exitCodeOfError(new TypeError('oops'))).toBe(2);
    expect(exitCodeOfError('oops')).toBe(2);
  });
});

describe('docs/errors.md', () => {
  it('lists the catalogue', async () => {
    await expect(errorsPage()).toMatchFileSnapshot(ERRORS_FILE);
  });
});

function errorsPage(): string {
  const rows = CODES.map((code) => {
    const { title, kind, hint } = ERROR_CATALOGUE[code];
    const exit = exitCodeOfError(new KubewhyError(code, { message: '' }));
    return `## ${code}\n\n${title}.\n\n- What to do: ${hint}\n- Kind: \`${kind}\`\n- Exit code: ${exit}\n`;
  });
  return `# Errors

Every error has a permanent code. The program prints what happened and what to do; with \`--verbose\` it prints the code
and where the error comes from as well. An answer that names a cause is no error: its exit code is 1, and 2 when the
cause cannot be told.

${rows.join('\n')}`;
}
