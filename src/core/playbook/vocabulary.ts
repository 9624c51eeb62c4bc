/** The life cycle of a pod; a cause at an earlier stage hides later ones. */
export const STAGES = [
  'admission',
  'delete',
  'scheduling',
  'node',
  'sandbox',
  'volumes',
  'image',
  'config',
  'create',
  'start',
  'run',
  'probe',
  'rollout',
] as const;

/** Repairs that a playbook may propose by a permanent code; those that have code are made when they are approved, the others are named. */
export const ACTIONS = [
  'R-POD-DELETE',
  'R-POD-FORCE-DELETE',
  'R-EVICT',
  'R-ROLLOUT-RESTART',
  'R-ROLLBACK',
  'R-SCALE',
  'R-CORDON',
  'R-UNCORDON',
  'R-OOS-TAINT',
  'R-NS-FINALIZE',
  'R-OBJ-FINALIZER-REMOVE',
  'R-VA-DELETE',
  'R-RBD-LOCK-RM',
  'R-NETWORK-FENCE',
  'R-JOB-RECREATE',
  'R-ADVICE',
] as const;

/** How sure a finding can be, before checks lower it. */
export const CERTAINTIES = ['confirmed', 'likely', 'possible'] as const;

export type Stage = (typeof STAGES)[number];
export type ActionCode = (typeof ACTIONS)[number];
export type Certainty = (typeof CERTAINTIES)[number];
