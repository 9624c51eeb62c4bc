import { expect, it } from 'vitest';
import { alertmanagerServers } from '../../../src/app/bot/alertmanager-servers.ts';
import { parseSettings } from '../../../src/config/parse-settings.ts';
import { Secret } from '../../../src/config/secret.ts';

it('gives each Alertmanager the token of its name', () => {
  const alertmanagers = [
    { name: 'main', url: 'http://main' },
    { name: 'other', url: 'http://other', clusters: ['default'] },
  ];
  const parsed = parseSettings({ alerts: { alertmanagers } });
  const tokens = [
    { alertmanager: 'main', token: new Secret('secret') },
    { alertmanager: 'gone', token: new Secret('unused') },
  ];

  const servers = parsed.kind === 'valid' ? alertmanagerServers(parsed.settings, tokens) : parsed.problems;

  expect(servers).toEqual([{ name: 'main', url: 'http://main', token: 'secret' }, alertmanagers[1]]);
});
