import { KubewhyError } from '../core/errors/kubewhy-error.ts';
import type { EnvironmentProblem } from './environment.ts';

/** CONFIG_INVALID with one line for each variable that is wrong. */
export function environmentInvalid(problems: readonly EnvironmentProblem[]): KubewhyError {
  const lines = problems.map(({ name, reason }) => `  ${name} ${reason}`);
  return new KubewhyError('CONFIG_INVALID', {
    message: `The environment is not valid:\n${lines.join('\n')}`,
    context: { names: problems.map(({ name }) => name) },
  });
}
