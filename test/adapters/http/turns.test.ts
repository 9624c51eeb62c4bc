import { describe, expect, it } from 'vitest';
import { Turns } from '../../../src/adapters/http/turns.ts';

const never = new AbortController().signal;

describe('turns', () => {
  it('go to those who wait in the order in which they came', async () => {
    const turns = new Turns({ atOnce: 1, waiting: 10, waitMs: 10_000 });
    await turns.take(never);
    const order: string[] = [];
    const wait = async (name: string) => order.push(`${name} ${await turns.take(never)}`);
    const all = [wait('first'), wait('second'), wait('third')];

    for (const one of all) {
      turns.end();
      await one;
    }

    expect(order).toEqual(['first turn', 'second turn', 'third turn']);
  });

  it('are free again when nobody waits', async () => {
    const turns = new Turns({ atOnce: 1, waiting: 0, waitMs: 10_000 });

    const first = await turns.take(never);
    const second = await turns.take(never);
    turns.end();

    expect([first, second, await turns.take(never)]).toEqual(['turn', 'busy', 'turn']);
  });

  it('pass by whoever has gone away, and whoever has waited too long', async () => {
    const turns = new Turns({ atOnce: 1, waiting: 10, waitMs: 20 });
    await turns.take(never);
    const leaving = new AbortController();
    const gone = turns.take(leaving.signal);
    leaving.abort();
    const late = turns.take(never);

    expect([await gone, await late]).toEqual(['gone', 'busy']);

    turns.end();

    expect(await turns.take(never)).toBe('turn');
  });
});
