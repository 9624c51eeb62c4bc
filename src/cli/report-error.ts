import { isKubewhyError, KubewhyError } from '../core/errors/kubewhy-error.ts';
import { printable } from '../core/facts/text.ts';
import { wrapText } from '../core/render/wrap.ts';

/** A failure as people read it on standard error; `verbose` adds where it comes from. */
export function errorText(error: unknown, width: number, verbose: boolean): string {
  const known = isKubewhyError(error) ? error : asBug(error);
  const [first = '', ...rest] = wrapText(`kubewhy: ${known.message}`, width);
  const hint = wrapText(known.hint, width - 2).map((line) => `  ${line}`);
  const origin = verbose ? ['', `code ${known.code}`, ...stackLines(error)] : [];
  return [first, ...rest, ...hint, ...origin].join('\n');
}

/** Whatever is not one of our errors is a defect of ours. */
function asBug(error: unknown): KubewhyError {
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new KubewhyError('BUG', {
    message: `Something went wrong inside Kubewhy: ${said.split('\n', 1)[0] ?? ''}`,
    cause: error,
  });
}

function stackLines(error: unknown): readonly string[] {
  const lines: string[] = [];
  for (let at = error; at instanceof Error && lines.length < 100; at = at.cause) {
    lines.push(...printable(`${lines.length > 0 ? 'caused by ' : ''}${at.stack ?? at.message}`).split('\n'));
  }
  return lines;
}
