import { KubewhyError } from '../errors/kubewhy-error.ts';
import { nearestNames } from '../facts/nearest.ts';
import { printable, shorten } from '../facts/text.ts';

/** USAGE with a hint that names the help of the command. */
export function usageError(message: string, command?: string): KubewhyError {
  const hint = command === undefined ? {} : { hint: `Run \`kubewhy help ${command}\` for its options and examples.` };
  return new KubewhyError('USAGE', { message, ...hint });
}

/** A word of the command line as a message may quote it. */
export function quoted(word: string): string {
  return `"${shorten(printable(word).replaceAll(/\s+/g, ' '), 80)}"`;
}

/** ` Did you mean X?`, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const [near] = nearestNames(word.slice(0, 100), known);
  return near === undefined ? '' : ` Did you mean \`${near}\`?`;
}
