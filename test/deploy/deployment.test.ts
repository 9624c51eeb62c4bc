import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadSettings } from '../../src/app/load-settings.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('kubewhy.example.yaml', () => {
  it('is valid, and tells editors where its schema is', async () => {
    const settings = await loadSettings(join(ROOT, 'kubewhy.example.yaml'));
    const schema = /^# yaml-language-server: \$schema=(\S+)$/m.exec(read('kubewhy.example.yaml'))?.[1] ?? '';

    expect(settings.clusters.map(({ name }) => name)).toEqual(['prod']);
    expect(existsSync(join(ROOT, schema))).toBe(true);
  });

  it('is valid with everything that is commented out', () => {
    const all = read('kubewhy.example.yaml').replaceAll(/^( *)# ( *(?:- )?[a-zA-Z]+:.*)$/gm, '$1$2');

    const result = parseSettings(parse(all));

    expect(result).toMatchObject({ kind: 'valid', settings: { clusters: [{ name: 'prod' }, { name: 'stage' }] } });
  });
});

describe('docker-compose.yml', () => {
  const { services, networks, volumes } = parse(read('docker-compose.yml'));

  it('keeps every question: AOF always, nothing thrown away, on a volume', () => {
    const command: string[] = services.redis.command;
    const option = (name: string): string | undefined => command[command.indexOf(name) + 1];

    expect(['--appendonly', '--appendfsync', '--maxmemory-policy'].map(option)).toEqual([
      'yes',
      'always',
      'noeviction',
    ]);
    expect(services.redis.volumes).toEqual(['redis:/data']);
    expect(volumes).toHaveProperty('redis');
  });

  it.each(['bot', 'redis'])('gives %s no more rights than it needs', (name) => {
    expect(services[name]).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      restart: 'unless-stopped',
      healthcheck: { test: expect.arrayContaining(['CMD']) },
    });
  });

  it('lets nobody but the bot reach Redis', () => {
    expect(services.redis).not.toHaveProperty('ports');
    expect(services.redis.networks).toEqual(['store']);
    expect(networks.store).toEqual({ internal: true });
    expect(services.bot.depends_on).toEqual({ redis: { condition: 'service_healthy' } });
  });

  it('holds no secret', () => {
    expect(read('docker-compose.yml')).not.toMatch(/xox[bp]-|xapp-|password/i);
    expect(services.bot.env_file).toBe('.env');
  });
});

describe('Dockerfile', () => {
  const lines = read('Dockerfile')
    .split('\n')
    .filter((line) => !line.startsWith('#') && line !== '');

  it('is multi-stage on Node 24, and names no registry', () => {
    const images = lines.filter((line) => line.startsWith('FROM ')).map((line) => line.split(' ')[1]);

    expect(images).toEqual(['node:24-bookworm-slim', 'debian:bookworm-slim']);
  });

  it('runs as a user that is not root, and starts the bot', () => {
    const last = (word: string): string | undefined => lines.findLast((line) => line.startsWith(`${word} `));

    expect([last('USER'), last('ENTRYPOINT'), last('CMD')]).toEqual([
      'USER 10001:10001',
      'ENTRYPOINT ["node", "/app/kubewhy.mjs"]',
      'CMD ["serve"]',
    ]);
  });

  it('copies only what exists and what .dockerignore lets through', () => {
    const copied = lines
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from'))
      .flatMap((line) => line.split(' ').slice(1, -1));
    const allowed = read('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));

    expect(copied.toSorted()).toEqual(allowed.toSorted());
    expect(copied.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});
