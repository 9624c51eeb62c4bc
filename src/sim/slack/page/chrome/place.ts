import { useEffect, useState } from 'react';

/** What is open: a channel, perhaps with a thread, or the Home tab. */
export type Place =
  | { readonly kind: 'channel'; readonly channel: string; readonly thread?: string }
  | { readonly kind: 'home' };

/** The place that the address names after `#`: `C123`, `C123/1700000000.000100`, or `home`. */
export function parsePlace(hash: string): Place | undefined {
  const [first = '', thread] = hash.replace(/^#/, '').split('/');
  if (first === 'home') {
    return { kind: 'home' };
  }
  if (!/^[A-Z0-9]+$/.test(first)) {
    return undefined;
  }
  return { kind: 'channel', channel: first, ...(thread === undefined ? {} : { thread }) };
}

/** How a place is written in the address. */
export function placeHash(place: Place): string {
  if (place.kind === 'home') {
    return '#home';
  }
  return `#${place.channel}${place.thread === undefined ? '' : `/${place.thread}`}`;
}

/** The place in the address of the page, so that Back and reload work. */
export function usePlace(): [Place | undefined, (place: Place) => void] {
  const [place, setPlace] = useState(() => parsePlace(location.hash));
  useEffect(() => {
    const listen = () => setPlace(parsePlace(location.hash));
    addEventListener('hashchange', listen);
    return () => removeEventListener('hashchange', listen);
  }, []);
  return [
    place,
    (next) => {
      location.hash = placeHash(next);
    },
  ];
}
