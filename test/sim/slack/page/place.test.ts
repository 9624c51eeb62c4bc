import { describe, expect, it } from 'vitest';
import { parsePlace, placeHash } from '../../../../src/sim/slack/page/chrome/place.ts';

describe('a place in the address', () => {
  it.each([
    { kind: 'home' } as const,
    { kind: 'channel', channel: 'C1' } as const,
    { kind: 'channel', channel: 'C1', thread: '1700000000.000100' } as const,
  ])('survives a reload: %j', (place) => {
    expect(parsePlace(placeHash(place))).toEqual(place);
  });

  it.each(['', '#', '#<script>', '#c1'])('is none in %j', (hash) => {
    expect(parsePlace(hash)).toBeUndefined();
  });
});
