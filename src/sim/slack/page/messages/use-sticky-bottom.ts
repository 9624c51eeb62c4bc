import { type RefObject, useEffect, useRef, useState } from 'react';

const NEAR_PX = 60;
const ABOVE_PX = 12;

/** A list that follows its end. */
export interface StickyBottom {
  readonly ref: RefObject<HTMLDivElement | null>;
  /** There is something below that the reader does not see. */
  readonly behind: boolean;
  readonly toBottom: () => void;
}

/**
 * Keeps a scrolling element at its newest message while content grows, unless the reader scrolled up. A message that is
 * higher than the list is shown from its beginning.
 */
export function useStickyBottom(): StickyBottom {
  const ref = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const [behind, setBehind] = useState(false);
  useEffect(() => {
    const list = ref.current;
    const content = list?.firstElementChild;
    if (list === null || content === null || content === undefined) {
      return undefined;
    }
    let settled = newestTop(list);
    const look = () => {
      // A message that became shorter moves the end up to the reader.
      const end = Math.min(settled, list.scrollHeight - list.clientHeight);
      follows.current = list.scrollTop >= end - NEAR_PX;
      setBehind(!follows.current);
    };
    const observer = new ResizeObserver(() => {
      if (follows.current) {
        settled = newestTop(list);
        list.scrollTop = settled;
      }
      look();
    });
    observer.observe(content);
    observer.observe(list);
    list.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      list.removeEventListener('scroll', look);
    };
  }, []);
  const toBottom = () => {
    follows.current = true;
    ref.current?.scrollTo({ top: ref.current.scrollHeight });
  };
  return { ref, behind, toBottom };
}

/** How far to scroll to see the newest message. */
function newestTop(list: HTMLElement): number {
  const newest = list.firstElementChild?.lastElementChild;
  const bottom = list.scrollHeight - list.clientHeight;
  const top = newest instanceof HTMLElement ? newest.offsetTop - ABOVE_PX : bottom;
  return Math.max(0, Math.min(bottom, top));
}
