import { describe, expect, it } from 'vitest';
import { intentText, readIntent } from '../../../src/core/remediation/intent.ts';

describe('an intent', () => {
  it('comes back as it was kept', () => {
    const intent = { digest: 'abc', before: { uid: 'u-1', owner: 'web "x"' }, sends: 2 };

    expect(readIntent(intentText(intent))).toEqual(intent);
  });

  it.each(['', 'abc', '{}', '{"digest":1,"before":{},"sends":1}'])(
    '%j counts as one send of which nothing is known',
    (text) => {
      expect(readIntent(text)).toEqual({ digest: text, before: {}, sends: 1 });
    },
  );
});
