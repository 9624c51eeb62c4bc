import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { parseCommandLine } from '../../src/cli/parse-arguments.ts';
import { isKubewhyError, KubewhyError } from '../../src/core/errors/kubewhy-error.ts';

function parsed(line: string): object {
  const { command, words, options } = parseCommandLine(line === '' ? [] : line.split(' '));
  const names = command.options.map(({ name }) => name).filter((name) => options.has(name));
  return { command: command.name, words, ...Object.fromEntries(names.map((name) => [name, options.values(name)])) };
}

describe('a command line that is understood', () => {
  it.each([
    ['', { command: 'help', words: [] }],
    ['--help', { command: 'help', words: [], help: [''] }],
    ['-h', { command: 'help', words: [], help: [''] }],
    ['--version', { command: 'version', words: [] }],
    ['help why', { command: 'help', words: ['why'] }],
    ['why web-0', { command: 'why', words: ['web-0'] }],
    ['why deploy web -n shop', { command: 'why', words: ['deploy', 'web'], namespace: ['shop'] }],
    ['-n shop why web-0', { command: 'why', words: ['web-0'], namespace: ['shop'] }],
    ['why -nshop -ojson web-0', { command: 'why', words: ['web-0'], namespace: ['shop'], output: ['json'] }],
    ['why web-0 --namespace=shop --explain', { command: 'why', words: ['web-0'], namespace: ['shop'], explain: [''] }],
    ['why web --playbooks a --playbooks=b', { command: 'why', words: ['web'], playbooks: ['a', 'b'] }],
    ['why --from dir', { command: 'why', words: [], from: ['dir'] }],
    ['why --color=always web --no-color', { command: 'why', words: ['web'], color: ['always'], 'no-color': [''] }],
    ['record web-0 -o out', { command: 'record', words: ['web-0'], output: ['out'] }],
    ['playbook list', { command: 'playbook list', words: [] }],
    ['playbook explain a-b', { command: 'playbook explain', words: ['a-b'] }],
    ['playbook --help', { command: 'help', words: ['playbook'], help: [''] }],
    ['completion bash', { command: 'completion', words: ['bash'] }],
    ['why -- -web', { command: 'why', words: ['-web'] }],
  ])('kubewhy %s', (line, expected) => {
    expect(parsed(line)).toEqual(expected);
  });

  it('takes the last value of a repeated option', () => {
    expect(parseCommandLine(['why', 'a', '-n', 'x', '-n', 'y']).options.value('namespace')).toBe('y');
  });
});

describe('a command line that is not understood', () => {
  it.each([
    ['wyh web', 'There is no command "wyh". Did you mean `why`?'],
    ['web-0', 'There is no command "web-0". To ask about an object: `kubewhy why web-0`.'],
    ['deploy/web', 'To ask about an object: `kubewhy why deploy/web`.'],
    ['-n shop', 'A command is missing: for example `kubewhy why <pod>`.'],
    ['--explian', 'There is no option "--explian". Did you mean `--explain`?'],
    ['why web --form x', 'There is no option "--form". Did you mean `--from`?'],
    ['why web -x', 'There is no option "-x".'],
    ['record web --from x', '`record` has no option --from; why and alert have.'],
    ['playbook list --verbose', '`playbook list` has no option --verbose; why and record have.'],
    ['why web -n', '-n needs a value: -n NAME.'],
    ['why web -n --explain', '-n needs a value: -n NAME.'],
    ['why web --namespace=', '--namespace needs a value: --namespace NAME.'],
    ['why web --explain=yes', '--explain takes no value.'],
    ['why web -o xml', '-o cannot be "xml"; it is one of text, json, yaml.'],
    ['why web -o jsn', 'Did you mean `json`?'],
    ['playbook', '`playbook` needs one more word: `playbook list`'],
    ['playbook lst', 'Did you mean `list`?'],
    ['serve gateway', '`kubewhy serve` takes no arguments, but got "gateway".'],
    ['version now', '`kubewhy version` takes no arguments'],
  ])('kubewhy %s', (line, message) => {
    const attempt = (): unknown => parseCommandLine(line.split(' '));

    expect(attempt).toThrow(KubewhyError);
    expect(attempt).toThrow(message);
  });

  it('never fails in another way', () => {
    const names = COMMANDS.flatMap(({ name }) => name.split(' '));
    const words = fc.oneof(
      fc.string(),
      fc.constantFrom(...names, '-n', '-o', '--from', '--', '-', '--no-color', '--help'),
    );

    fc.assert(
      fc.property(fc.array(words, { maxLength: 6 }), (args) => {
        try {
          expect(COMMANDS).toContain(parseCommandLine(args).command);
        } catch (error) {
          expect(isKubewhyError(error, 'USAGE'), String(error)).toBe(true);
        }
      }),
    );
  });

  it('shows control characters of the command line as text', () => {
    expect(() => parseCommandLine(['why', 'web', '--\u001b[31mevil\u0007'])).toThrow('"--evil\\u{7}"');
  });
});
