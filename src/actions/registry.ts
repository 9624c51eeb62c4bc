import type { ActionCode } from '../core/playbook/vocabulary.ts';
import type { Action } from './action.ts';
import { cordon, uncordon } from './cordon.ts';
import { evict } from './evict.ts';
import { namespaceFinalize } from './namespace-finalize.ts';
import { objectFinalizerRemove } from './object-finalizer-remove.ts';
import { podDelete } from './pod-delete.ts';
import { podForceDelete } from './pod-force-delete.ts';
import { rbdLockRemove } from './rbd-lock-remove.ts';
import { rollback } from './rollback.ts';
import { rolloutRestart } from './rollout-restart.ts';

/** Everything that Kubewhy can do to a cluster after an approval. For every other code there is only `adviceOf`. */
export const ACTION_REGISTRY: ReadonlyMap<ActionCode, Action> = new Map(
  [
    podDelete,
    podForceDelete,
    evict,
    rolloutRestart,
    rollback,
    cordon,
    uncordon,
    namespaceFinalize,
    objectFinalizerRemove,
    rbdLockRemove,
  ].map((action) => [action.code, action]),
);

/** The action of a code; undefined where a person must do it. */
export function actionOf(code: ActionCode): Action | undefined {
  return ACTION_REGISTRY.get(code);
}
