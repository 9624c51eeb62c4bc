import { useEffect, useState } from 'react';
import type { PageState } from '../../page-api.ts';
import type { Place } from './place.ts';

/** The channels with messages that came since they were last open. */
export function useUnread(state: PageState, place: Place): ReadonlySet<string> {
  const [seen, setSeen] = useState<Readonly<Record<string, number>>>(() => countMessages(state));
  const counts = countMessages(state);
  const open = place.kind === 'channel' ? place.channel : '';
  const openCount = counts[open] ?? 0;
  useEffect(() => {
    setSeen((before) => (before[open] === openCount ? before : { ...before, [open]: openCount }));
  }, [open, openCount]);
  return new Set(Object.keys(counts).filter((id) => id !== open && (counts[id] ?? 0) > (seen[id] ?? 0)));
}

function countMessages({ messages }: PageState): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(messages).map(([id, list]) => [id, list.reduce((sum, { replies }) => sum + 1 + replies.length, 0)]),
  );
}
