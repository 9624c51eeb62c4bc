import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { helpText } from '../../src/cli/help.ts';

const names = ['', 'playbook', ...COMMANDS.map(({ name }) => name)];

describe('help', () => {
  it.each(names)('of "%s" fits into 80 columns', (name) => {
    const lines = helpText(
      name.split(' ').filter((word) => word !== ''),
      80,
    ).split('\n');

    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.filter((line) => line.endsWith(' '))).toEqual([]);
  });

  it('names every command, the exit codes and where to go on', () => {
    const text = helpText([], 80);

    for (const { name } of COMMANDS) {
      expect(text).toContain(`  ${name} `);
    }
    for (const code of [0, 1, 2, 3, 4]) {
      expect(text).toContain(`\n  ${code}  `);
    }
    expect(text).toContain('kubewhy help <command>');
  });

  it.each(COMMANDS)('of $name shows its options and examples', ({ name, options, examples }) => {
    const text = helpText(name.split(' '), 80);

    for (const option of options) {
      expect(text).toContain(`--${option.name}`);
    }
    for (const { command } of examples) {
      expect(text).toContain(command);
    }
  });

  it('of an unknown command says which is close', () => {
    expect(() => helpText(['recrod'], 80)).toThrow('There is no command "recrod". Did you mean `record`?');
  });
});

describe('every option', () => {
  it('has the same short form and takes a value in every command', () => {
    const forms = new Map<string, string>();
    for (const { name, short, value } of COMMANDS.flatMap(({ options }) => options)) {
      const form = `${short ?? ''} ${value === undefined ? 'switch' : 'value'}`;
      expect(forms.get(name) ?? form, name).toBe(form);
      forms.set(name, form);
    }
  });
});
