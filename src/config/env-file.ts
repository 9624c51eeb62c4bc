import { KubewhyError } from '../core/errors/kubewhy-error.ts';

/**
 * Adds the variables of a `.env` file to the environment of this process; what is set already wins. Returns whether
 * there was a file. Throws CONFIG_INVALID when it cannot be read.
 */
export function loadEnvFile(path: string): boolean {
  try {
    process.loadEnvFile(path);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    if (code === 'ENOENT') {
      return false;
    }
    throw new KubewhyError('CONFIG_INVALID', {
      message: `The file ${path} cannot be read (${code}).`,
      hint: 'Correct its permissions, or remove it.',
      cause: error,
    });
  }
}
