import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENT, type EnvironmentVariable } from '../../src/config/environment.ts';
import { parseSettings, settingsJsonSchema } from '../../src/config/parse-settings.ts';

const text = readFileSync(join(import.meta.dirname, '../../docs/configuration.md'), 'utf8');
const variables: readonly EnvironmentVariable[] = ENVIRONMENT;

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

function keysOf(schema: Schema, path = ''): readonly string[] {
  const below = Object.entries(schema.properties ?? {}).flatMap(([key, part]) => {
    const name = path === '' ? key : `${path}.${key}`;
    return part.items?.properties === undefined
      ? keysOf(part, name)
      : [`${name}[]`, ...keysOf(part.items, `${name}[]`)];
  });
  return schema.properties === undefined ? [path] : below;
}

describe('docs/configuration.md', () => {
  it.each(keysOf(settingsJsonSchema()))('has a row for %s', (key) => {
    expect(text).toMatch(new RegExp(`^\\| .*\`${key.replaceAll(/[[\].]/g, String.raw`\$&`)}\``, 'm'));
  });

  it('has a row for every variable of the service', () => {
    const names = variables.filter(({ service }) => service === true).map(({ name }) => name);

    expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });

  it('says the defaults that hold', () => {
    const result = parseSettings(undefined);
    const { slack, limits, retention, redis } = result.kind === 'valid' ? result.settings : {};
    const defaults = { slack, limits, retention, redis };
    const rows = Object.entries(defaults).flatMap(([group, values]) =>
      Object.entries(values ?? {}).map(([key, value]) => ({ key: `${group}.${key}`, value: String(value) })),
    );

    const wrong = rows.filter(
      ({ key, value }) =>
        !text.split('\n').some((line) => line.includes(`\`${key}\``) && line.includes(`\`${value}\``)),
    );
    expect([rows.length, wrong]).toEqual([14, []]);
  });
});
