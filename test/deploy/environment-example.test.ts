import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ENVIRONMENT, type EnvironmentVariable } from '../../src/config/environment.ts';
import { parseServiceConfig } from '../../src/config/service-config.ts';

const text = readFileSync(join(import.meta.dirname, '../../.env.example'), 'utf8');
const variables: readonly EnvironmentVariable[] = ENVIRONMENT;

describe('.env.example', () => {
  it('has every variable of the service, and no other, each with a comment before it', () => {
    const expected = variables
      .filter(({ service }) => service === true)
      .flatMap(({ name, secret }) => (secret === true ? [name, `${name}_FILE`] : [name]));
    const named = [...text.matchAll(/^(?:# )?([A-Z_]+)=/gm)].map((match) => match[1] ?? '');

    expect(named).toEqual(expected);
    expect(text).not.toMatch(/\n\n(?:# )?[A-Z_]+=/);
  });

  it('is a valid environment as it is', () => {
    const config = parseServiceConfig(parseEnv(text), () => '');

    expect(config.redisUrl?.reveal()).toBe('redis://127.0.0.1:6379/0');
  });
});
