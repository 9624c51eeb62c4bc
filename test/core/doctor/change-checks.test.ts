import { describe, expect, it } from 'vitest';
import { type ChangeFacts, changeChecks, identityChecks } from '../../../src/core/doctor/change-checks.ts';

const GOOD: ChangeFacts = { rules: 2, signingKey: true, warnings: [], stop: undefined };

function brief(changes: Partial<ChangeFacts>): readonly string[] {
  return changeChecks({ ...GOOD, ...changes }).map(({ id, status }) => `${id} ${status}`);
}

describe('changeChecks', () => {
  it.each<[Partial<ChangeFacts>, readonly string[]]>([
    [{ rules: 0, signingKey: false, stop: 'maintenance' }, []],
    [{}, ['changes.rules ok', 'changes.signing-key ok']],
    [{ signingKey: false }, ['changes.rules ok', 'changes.signing-key failure']],
    [
      { warnings: ['clusters[0]: changes are made with the account that reads'] },
      ['changes.rules ok', 'changes.signing-key ok', 'changes.settings warning'],
    ],
    [{ stop: 'maintenance' }, ['changes.rules ok', 'changes.signing-key ok', 'changes.stop warning']],
    [
      { stopFile: { path: '/run/stop', text: 'run\n' } },
      ['changes.rules ok', 'changes.signing-key ok', 'changes.stop ok'],
    ],
    [
      { stopFile: { path: '/run/stop', text: 'runs' } },
      ['changes.rules ok', 'changes.signing-key ok', 'changes.stop warning'],
    ],
    [
      { stopFile: { path: '/run/stop', text: undefined } },
      ['changes.rules ok', 'changes.signing-key ok', 'changes.stop failure'],
    ],
  ])('%j', (changes, expected) => {
    expect(brief(changes)).toEqual(expected);
  });
});

describe('identityChecks', () => {
  it('names people of groups who are nobody to the clusters', () => {
    const checks = identityChecks(['U1', 'U2']);

    expect(identityChecks([])).toEqual([]);
    expect(checks).toMatchObject([
      { id: 'changes.identities', status: 'warning', says: expect.stringMatching(/^U1(?:,| and) U2 may approve/) },
    ]);
  });
});
