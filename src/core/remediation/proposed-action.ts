import type { ActionCode } from '../playbook/vocabulary.ts';
import type { Subject } from '../subject/subject.ts';

/** What a playbook chose; everything that an action is told, the same when it is proposed and when it is done. */
export interface ProposedAction {
  readonly action: ActionCode;
  /** What was diagnosed, with the uid that was seen then. */
  readonly subject: Subject;
  /** By name, as the playbook rendered them; hostile text that the action checks before it uses it. */
  readonly parameters: Readonly<Record<string, string>>;
}
