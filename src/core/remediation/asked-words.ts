import { oneLine, shorten } from '../facts/text.ts';
import type { ActionCode } from '../playbook/vocabulary.ts';
import { subjectPath } from '../subject/subject.ts';
import type { ProposedAction } from './proposed-action.ts';

const LONGEST = 200;

const WORDS: Readonly<Partial<Record<ActionCode, (title: string, input: ProposedAction) => string>>> = {
  'R-POD-DELETE': (title) => `delete ${title}`,
  'R-POD-FORCE-DELETE': (title) => `remove ${title} at once`,
  'R-EVICT': (title) => `evict ${title}`,
  'R-ROLLOUT-RESTART': (title) => `restart the pods of ${title}`,
  'R-ROLLBACK': (title, { subject }) =>
    subject.kind === 'Pod' ? `roll back the Deployment of ${title}` : `roll back ${title}`,
  'R-CORDON': (title, input) => `cordon ${nodeOf(title, input)}`,
  'R-UNCORDON': (title, input) => `uncordon ${nodeOf(title, input)}`,
  'R-NS-FINALIZE': (title) => `end the deletion of ${title}`,
  'R-OBJ-FINALIZER-REMOVE': (title, { parameters: { finalizer, name } }) =>
    `remove the finalizer ${finalizer ?? ''} from ${name === undefined ? title : `${name} in ${title}`}`,
  'R-RBD-LOCK-RM': (title) => `remove the lock on the volume of ${title}`,
};

/** What somebody asked for, before anything was looked at: `delete pod shop/web-0`. One line; names in it may be hostile. */
export function askedWords(input: ProposedAction): string {
  const { action, subject } = input;
  const kind = ['Pod', 'Node', 'Namespace'].includes(subject.kind) ? subject.kind.toLowerCase() : subject.kind;
  const title = `${kind} ${subjectPath(subject)}`;
  return shorten(oneLine(WORDS[action]?.(title, input) ?? `do ${action} for ${title}`), LONGEST);
}

function nodeOf(title: string, { subject, parameters: { node } }: ProposedAction): string {
  return subject.kind === 'Node' ? title : node === undefined ? `the node of ${title}` : `node ${node}`;
}
