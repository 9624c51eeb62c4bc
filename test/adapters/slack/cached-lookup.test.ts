import { describe, expect, it } from 'vitest';
import { cachedLookup } from '../../../src/adapters/slack/cached-lookup.ts';

describe('cachedLookup', () => {
  it('looks up once for many that ask at the same time, and keeps the answer', async () => {
    const asked: string[] = [];
    const lookUp = cachedLookup(noting(asked), { milliseconds: 60_000, entries: 10 });

    const answers = await Promise.all([lookUp('a'), lookUp('a'), lookUp('b')]);
    const again = await lookUp('a');

    expect([...answers, again]).toEqual(['A', 'A', 'B', 'A']);
    expect(asked).toEqual(['a', 'b']);
  });

  it('looks up again when the answer is too old', async () => {
    const asked: string[] = [];
    const lookUp = cachedLookup(noting(asked), { milliseconds: 0, entries: 10 });

    await lookUp('a');
    await lookUp('a');

    expect(asked).toEqual(['a', 'a']);
  });

  it('forgets the answer that was not needed for longest', async () => {
    const asked: string[] = [];
    const lookUp = cachedLookup(noting(asked), { milliseconds: 60_000, entries: 2 });

    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) {
      await lookUp(key);
    }

    expect(asked).toEqual(['a', 'b', 'c', 'b']);
  });

  it('keeps only what it is told to keep', async () => {
    const asked: string[] = [];
    const keeps = (answer: string): boolean => answer === 'A';
    const lookUp = cachedLookup(noting(asked), { milliseconds: 60_000, entries: 10, keeps });

    for (const key of ['a', 'b', 'a', 'b']) {
      await lookUp(key);
    }

    expect(asked).toEqual(['a', 'b', 'b']);
  });

  it('does not keep a failure', async () => {
    let fails = true;
    const lookUp = cachedLookup(
      async (key) => {
        if (fails) {
          throw new Error('no answer');
        }
        return key;
      },
      { milliseconds: 60_000, entries: 10 },
    );

    await expect(lookUp('a')).rejects.toThrow('no answer');
    fails = false;

    await expect(lookUp('a')).resolves.toBe('a');
  });
});

function noting(asked: string[]): (key: string) => Promise<string> {
  return async (key) => {
    asked.push(key);
    return key.toUpperCase();
  };
}
