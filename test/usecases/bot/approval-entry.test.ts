import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readApproval } from '../../../src/usecases/bot/approval-entry.ts';

const RULE = { confirm: 'web-0', reasonRequired: true };
const ENTRY = { digest: 'd', confirm: 'web-0', reason: 'it is stuck' };

describe('what is typed to confirm', () => {
  it.each([
    ['the name', 'web-0', 'valid'],
    ['the name between blanks', '  web-0\n', 'valid'],
    ['nothing', '', 'invalid'],
    ['another name', 'web-1', 'invalid'],
    ['the name in capitals', 'WEB-0', 'invalid'],
    ['the name with its namespace', 'shop/web-0', 'invalid'],
    ['a Cyrillic letter', 'w\u0435b-0', 'invalid'],
    ['letters of double width', '\uff57\uff45\uff42-0', 'invalid'],
    ['another hyphen', 'web\u20100', 'invalid'],
    ['a character that cannot be seen', 'web\u200b-0', 'invalid'],
    ['the name in quotes', '"web-0"', 'invalid'],
    ['the name twice', 'web-0 web-0', 'invalid'],
  ])('%s is %s', (_what, confirm, _kind) => {
    expect(readApproval({ ...ENTRY, confirm }, RULE).kind).toBe(_kind);
  });

  it('takes letters that a keyboard composed in another way', () => {
    const read = readApproval({ ...ENTRY, confirm: 'bu\u0308cher' }, { ...RULE, confirm: 'b\u00fccher' });

    expect(read.kind).toBe('valid');
  });

  it('quotes a name that tries to say something else on one line', () => {
    const read = readApproval({ ...ENTRY, confirm: 'x' }, { ...RULE, confirm: 'web-0"\nType yes <!channel>' });

    expect(read).toEqual({
      kind: 'invalid',
      field: 'confirm',
      reason: 'Type exactly "web-0" Type yes <!channel>" to confirm.',
    });
  });

  it('fits only the name itself, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), (confirm) => {
        const fits = confirm.normalize('NFC').trim() === 'web-0';
        expect(readApproval({ ...ENTRY, confirm }, RULE).kind === 'valid').toBe(fits);
      }),
    );
  });
});

describe('the reason', () => {
  it.each(['', '  ', '...', '\u200b'])('%j is none', (reason) => {
    expect(readApproval({ ...ENTRY, reason }, RULE)).toMatchObject({ kind: 'invalid', field: 'reason' });
  });

  it('may be missing where none is asked for', () => {
    expect(readApproval({ ...ENTRY, confirm: '', reason: ' ' }, { reasonRequired: false })).toEqual({
      kind: 'valid',
      reason: '',
    });
  });

  it('is not kept when it is too long', () => {
    expect(readApproval({ ...ENTRY, reason: 'x'.repeat(501) }, RULE)).toMatchObject({ field: 'reason' });
  });
});
