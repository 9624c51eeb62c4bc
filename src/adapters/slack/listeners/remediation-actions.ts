import { REMEDIATION_ACTIONS } from '../messages/remediation-actions.ts';
import { openApproval } from './approval.ts';
import { openDenial } from './denial.ts';
import type { ListenerDeps } from './listener-deps.ts';
import type { Origin } from './origin.ts';
import { tellClickReply } from './tell.ts';

/** A click on a button of a change, with the payload that it came in. */
export type RemediationHandle = (
  deps: ListenerDeps,
  click: { readonly origin: Origin; readonly body: unknown },
) => Promise<void>;

const REMEDIATION_ID = /^m-[a-z0-9]{16}$/;
const QUESTION_ID = /^q-[a-z0-9]{16}$/;

/** What to do for a button of a change; undefined for any other one, and for a value that no button has. */
export function remediationHandler(action: string, value: string): RemediationHandle | undefined {
  if (action === REMEDIATION_ACTIONS.review) {
    return QUESTION_ID.test(value) ? clickHandler('reviewFix')(value) : undefined;
  }
  return REMEDIATION_ID.test(value) ? HANDLERS.get(action)?.(value) : undefined;
}

const HANDLERS: ReadonlyMap<string, (remediation: string) => RemediationHandle> = new Map([
  [
    REMEDIATION_ACTIONS.approve,
    (remediation): RemediationHandle =>
      (deps, { origin }) =>
        openApproval(deps, origin, remediation),
  ],
  [
    REMEDIATION_ACTIONS.deny,
    (remediation): RemediationHandle =>
      (deps, { origin, body }) =>
        openDenial(deps, origin, { body, remediation }),
  ],
  [REMEDIATION_ACTIONS.dryrun, clickHandler('dryRun')],
  [REMEDIATION_ACTIONS.details, clickHandler('remediationDetails')],
  [REMEDIATION_ACTIONS.cancel, clickHandler('cancelRemediation')],
  [REMEDIATION_ACTIONS.again, clickHandler('proposeAgain')],
]);

type Deed = 'reviewFix' | 'dryRun' | 'remediationDetails' | 'cancelRemediation' | 'proposeAgain';

function clickHandler(deed: Deed): (id: string) => RemediationHandle {
  return (id) =>
    async (deps, { origin }) => {
      await tellClickReply(deps, origin, await deps.bot[deed](origin.act, id));
    };
}
