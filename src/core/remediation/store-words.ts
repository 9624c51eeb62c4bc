/** Why the store itself ends or refuses a change. */
export const STORE_REASONS = [
  'time',
  'stopped',
  'breaker-action',
  'breaker-all',
  'in-flight-cluster',
  'in-flight-namespace',
  'hour-cluster',
  'hour-namespace',
  'target',
  'repeated',
  'unknown-outcome',
  'unreadable',
  'abandoned',
] as const;

export type StoreReason = (typeof STORE_REASONS)[number];

const WORDS = {
  time: 'Its time was over before it was begun. Ask again: a fresh diagnosis shows whether it is still needed.',
  stopped: 'Changes are switched off here. Somebody who may resume them has to switch them on again.',
  'breaker-action':
    'This action is switched off for up to an hour, because it did not help twice. Look at what it did before, or make the change by hand.',
  'breaker-all':
    'All changes in this cluster are switched off, because three of them did not help. Somebody who may resume them has to look first.',
  'in-flight-cluster':
    'No more changes may be under way at once in this cluster. Try again when one of them has ended.',
  'in-flight-namespace':
    'No more changes may be under way at once in this namespace. Try again when one of them has ended.',
  'hour-cluster':
    'This cluster has had all the changes that it may have within an hour. Try again later, or make the change by hand.',
  'hour-namespace':
    'This namespace has had all the changes that it may have within an hour. Try again later, or make the change by hand.',
  target: 'The same object was changed only a short while ago. Look at whether that helped before it is changed again.',
  repeated:
    'The same change helped this object before, as often as may be within a day, and each time the trouble came back. Find out why it comes back; until then make the change by hand, if at all.',
  'unknown-outcome':
    'The executor fell silent after it had announced the change, so whether it was made cannot be told. Look at the object by hand.',
  unreadable: 'What is stored about this change cannot be read, so it is not made. Ask again.',
  abandoned:
    'No executor has looked after it for an hour, and its cluster is not in the settings any more, so whether the change was made cannot be told. Look at the object by hand.',
} as const satisfies Record<StoreReason, string>;

/** A sentence or two for people: what speaks against it, then what to do. */
export function storeWords(reason: StoreReason): string {
  return WORDS[reason];
}

/** Whether it is one of the reasons. */
export function isStoreReason(text: string): text is StoreReason {
  return STORE_REASONS.some((reason) => reason === text);
}

/** What ends those that wait when changes are switched off; the reason is what a person wrote. */
export function stopWords(reason: string): string {
  return reason === '' ? WORDS.stopped : `Changes were switched off: ${reason}`;
}
