import type { Config } from '../config/config.ts';
import type { Output } from './output.ts';
import type { ParsedOptions } from './parse-arguments.ts';

/** Whether to use colours: the options decide, then the environment, then whether it is a terminal. */
export function usesColor(
  options: ParsedOptions,
  config: Pick<Config, 'color'>,
  output: Pick<Output, 'terminal'>,
): boolean {
  const wanted = options.value('color');
  if (options.has('no-color') || wanted === 'never') {
    return false;
  }
  return wanted === 'always' || (config.color ?? output.terminal);
}
