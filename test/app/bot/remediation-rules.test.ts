import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allowsChanges, executorSettings, remediationPolicy } from '../../../src/app/bot/remediation-rules.ts';
import { parseSettings } from '../../../src/config/parse-settings.ts';
import type { Settings } from '../../../src/config/settings.ts';

function settingsWith(remediation: object): Settings {
  const parsed = parseSettings({ remediation });
  if (parsed.kind !== 'valid') {
    throw new Error(JSON.stringify(parsed.problems));
  }
  return parsed.settings;
}

const RULE = {
  name: 'oncall',
  approvers: ['U0000001'],
  actions: ['R-POD-DELETE'],
  tiers: ['T1'],
  namespaces: ['shop'],
};

describe('what may be approved', () => {
  it('is nothing without a rule', () => {
    expect([allowsChanges(settingsWith({})), allowsChanges(settingsWith({ rules: [RULE] }))]).toEqual([false, true]);
  });

  it('is never in the namespace that Kubewhy runs in', () => {
    const policy = remediationPolicy(settingsWith({ rules: [RULE], protectedNamespaces: ['db'] }), 'ops');

    expect(policy.protectedNamespaces).toEqual(expect.arrayContaining(['db', 'ops']));
  });
});

describe('the kill switch', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stop-file-'));

  it.each([
    ['run\n', undefined],
    ['stop', 'the stop file does not say "run"'],
    ['', 'the stop file does not say "run"'],
    [undefined, 'the stop file cannot be read'],
  ])('a stop file that says %j', async (text, expected) => {
    const stopFile = join(folder, text === undefined ? 'missing' : 'switch');
    writeFileSync(join(folder, 'switch'), text ?? '');

    const reason = await executorSettings(settingsWith({ stopFile }), undefined).killSwitch();

    expect(reason).toBe(expected);
  });

  it('is on while the environment says so', async () => {
    const reason = await executorSettings(settingsWith({}), 'upgrade').killSwitch();

    rmSync(folder, { recursive: true });
    expect(reason).toBe('the environment of the executor says stop: upgrade');
  });
});
