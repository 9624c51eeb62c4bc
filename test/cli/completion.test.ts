import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CompletionSource } from '../../src/app/completion-source.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { complete, runComplete } from '../../src/cli/complete.ts';
import { completionScript } from '../../src/cli/completion.ts';
import type { TypedLine } from '../../src/cli/typed-line.ts';
import { parseConfig } from '../../src/config/config.ts';

const SHELLS = ['bash', 'zsh', 'fish'];
const asked: TypedLine[] = [];

function fakeSource(line: TypedLine): Promise<CompletionSource> {
  asked.push(line);
  return Promise.resolve({
    names: (type) => Promise.resolve(type.kind === 'Pod' ? ['web-0', 'web-1', 'db-0'] : ['web']),
    namespaces: () => Promise.resolve(['shop', 'default']),
    contexts: () => Promise.resolve(['prod', 'dev']),
    playbooks: () => Promise.resolve([{ word: 'oom-killed-container', says: 'A container is killed' }]),
  });
}

async function words(...typed: readonly string[]): Promise<readonly string[]> {
  const candidates = await complete(typed, fakeSource);
  return candidates.map(({ word }) => word);
}

describe('completion scripts', () => {
  it.each(SHELLS)('of %s names every command', (shell) => {
    const script = completionScript(shell);

    for (const word of COMMANDS.flatMap(({ name }) => name.split(' '))) {
      expect(script).toMatch(new RegExp(`\\b${word}\\b`));
    }
    expect(script).toContain('kubewhy __complete');
  });

  it('says which shells there are', () => {
    expect(() => completionScript('bsh')).toThrow(
      'There is no completion for "bsh"; there is for bash, zsh, fish. Did you mean `bash`?',
    );
  });
});

describe('complete', () => {
  it.each([
    [['w'], ['why']],
    [['pl'], ['playbook']],
    [
      ['playbook', ''],
      ['list', 'explain', 'lint', 'test', 'schema'],
    ],
    [
      ['audit', ''],
      ['verify', 'export'],
    ],
    [['playbook', 'explain', ''], ['oom-killed-container']],
    [
      ['why', 'web'],
      ['web-0', 'web-1'],
    ],
    [['why', 'de'], ['deploy/']],
    [['why', 'deploy/'], ['deploy/web']],
    [['why', 'deploy', ''], ['web']],
    [['why', 'svc/'], []],
    [['why', 'web-0', 'x', ''], []],
    [
      ['why', '-n', ''],
      ['shop', 'default'],
    ],
    [['why', '--namespace', 's'], ['shop']],
    [['why', '--namespace=s'], ['--namespace=shop']],
    [
      ['why', '--context', ''],
      ['prod', 'dev'],
    ],
    [
      ['why', '-o', ''],
      ['text', 'json', 'yaml'],
    ],
    [
      ['why', '--color=a'],
      ['--color=auto', '--color=always'],
    ],
    [['why', '--ex'], ['--explain']],
    [['why', '--from', ''], [':folders']],
    [['why', '--kubeconfig', ''], [':files']],
    [['record', '-o', ''], [':folders']],
    [['completion', 'z'], ['zsh']],
    [['help', 'pl'], ['playbook']],
    [
      ['help', 'playbook', 'l'],
      ['list', 'lint'],
    ],
    [['nonsense', ''], []],
  ])('%j', async (typed, expected) => {
    expect(await words(...typed)).toEqual(expected);
  });

  it('offers every command at the beginning', async () => {
    const first = COMMANDS.map(({ name }) => name.split(' ')[0]);

    expect(await words('')).toEqual([...new Set(first)]);
  });

  it('asks in the namespace and context that are typed already', async () => {
    await words('why', '-n', 'shop', '--context=prod', 'web');

    expect(asked.at(-1)?.values).toEqual(
      new Map([
        ['namespace', 'shop'],
        ['context', 'prod'],
      ]),
    );
  });

  it('is silent when the cluster does not answer', async () => {
    const printed: string[] = [];
    const output = {
      width: 80,
      noteWidth: 80,
      terminal: false,
      print: (text: string) => void printed.push(text),
      note: (text: string) => void printed.push(text),
      waiting: <T>(_text: string, task: () => Promise<T>) => task(),
    };

    const surroundings = { output, readConfig: () => parseConfig({}), loadPlaybooks: () => Promise.resolve([]) };
    const code = await runComplete(['why', '--kubeconfig', '/nowhere', 'zz'], surroundings);

    expect({ code, printed }).toEqual({ code: 0, printed: [] });
  });
});

describe('the bash script in bash', () => {
  function press(line: string): readonly string[] {
    const folder = mkdtempSync(join(tmpdir(), 'kubewhy-complete-'));
    const answers =
      'case "$*" in *deploy*) printf "deploy/web\\n";; *arn*) printf "arn:aws:eks/a\\tx\\n";; *) printf "web-0\\tA pod\\nweb-1\\n";; esac';
    const script = [
      `kubewhy() { ${answers}; }`,
      completionScript('bash'),
      `COMP_LINE='${line}'; COMP_POINT=\${#COMP_LINE}; _kubewhy; printf '%s\\n' "\${COMPREPLY[@]}"`,
    ];
    writeFileSync(join(folder, 'try.sh'), script.join('\n'));
    const { stdout, stderr } = spawnSync('bash', ['--norc', join(folder, 'try.sh')], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect(stderr).toBe('');
    return stdout.split('\n').filter((word) => word !== '');
  }

  it.each([
    ['kubewhy w', ['why']],
    ['kubewhy playbook l', ['list', 'lint']],
    ['kubewhy audit ', ['verify', 'export']],
    ['kubewhy why ', ['web-0', 'web-1']],
    ['kubewhy why deploy/w', ['deploy/web']],
    ['kubewhy why --context arn:aws:e', ['eks/a']],
  ])('%s', (line, expected) => {
    expect(press(line)).toEqual(expected);
  });
});
