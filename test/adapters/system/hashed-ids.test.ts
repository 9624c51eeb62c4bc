import { describe, expect, it } from 'vitest';
import { hashedIds } from '../../../src/adapters/system/hashed-ids.ts';

describe('derived ids', () => {
  const ids = hashedIds();

  it('are the same for the same parts', () => {
    expect(ids.derive('T1', '13.5')).toBe(ids.derive('T1', '13.5'));
  });

  it('do not depend on where one part ends and the next begins alone', () => {
    expect(ids.derive('ab', 'c')).not.toBe(ids.derive('a', 'bc'));
  });

  it('are 16 letters and digits', () => {
    expect(ids.derive('T1', 'x')).toMatch(/^[a-z2-7]{16}$/);
  });
});
