import { shellWords } from '../../../core/facts/text.ts';
import type { RemediationPlan, RemediationTarget } from '../../../core/remediation/remediation.ts';
import { preformatted, section } from './blocks.ts';
import type { MessageBlock } from './rendered-message.ts';

/** What a person looks at when nobody can tell whether a change was made, and what may have been made. */
export function checkByHand(
  { target, words }: Pick<RemediationPlan, 'target' | 'words'>,
  id: (role: string) => string,
): readonly MessageBlock[] {
  const look = lookCommand(target);
  const made = words.commands.filter((line) => line.trim() !== '');
  const lines = [
    ...(look === '' ? [] : ['# look at the object', look]),
    ...(made.length === 0 ? [] : ['# what may have been done already', ...made]),
  ];
  return lines.length === 0
    ? []
    : [section(id('check'), '*Check by hand* before anything else is done:'), preformatted(id('proof'), lines)];
}

/** Reads the object with kubectl; empty for what is no Kubernetes object. */
function lookCommand({ kind, group, namespace, name }: RemediationTarget): string {
  if (!/^[A-Z]/.test(kind)) {
    return '';
  }
  const type = `${kind.toLowerCase()}${group === '' ? '' : `.${group}`}`;
  const where = namespace === '' ? [] : ['-n', namespace];
  return shellWords(['kubectl', ...where, 'get', type, name, '-o', 'yaml']);
}
