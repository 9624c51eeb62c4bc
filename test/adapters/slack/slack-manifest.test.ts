import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { WHY_SHORTCUT } from '../../../src/adapters/slack/listeners/message-shortcut.ts';
import { DELIVERY_SCOPES, SLACK_METHODS } from '../../../src/adapters/slack/slack-methods.ts';

const manifest = parse(readFileSync('deploy/slack-manifest.yaml', 'utf8'));
const SOURCES = 'src/adapters/slack';

describe('the manifest', () => {
  it('asks for every scope that a call or a delivery needs, and for no other', () => {
    const needed = new Set<string>([...Object.values(SLACK_METHODS).flat(), ...DELIVERY_SCOPES]);

    expect(new Set(manifest.oauth_config.scopes.bot)).toEqual(needed);
    expect(manifest.oauth_config.scopes.bot).toHaveLength(needed.size);
    expect(manifest.oauth_config.scopes.user).toBeUndefined();
  });

  it('subscribes to the events that listeners are registered for', () => {
    // Messages are subscribed to by the kind of conversation; only direct ones are listened to.
    const registered = matches(/app\.event\('([\w.]+)'/g).map((name) => (name === 'message' ? 'message.im' : name));

    expect(new Set(manifest.settings.event_subscriptions.bot_events)).toEqual(new Set(registered));
  });

  it('registers the shortcut and one command, over Socket Mode with interactivity', () => {
    expect(manifest.features.shortcuts).toMatchObject([{ type: 'message', callback_id: WHY_SHORTCUT }]);
    expect(manifest.features.slash_commands).toMatchObject([{ command: '/k8s' }]);
    expect(manifest.settings).toMatchObject({
      socket_mode_enabled: true,
      interactivity: { is_enabled: true },
      org_deploy_enabled: false,
    });
  });

  it('keeps within the lengths that Slack allows', () => {
    const [command] = manifest.features.slash_commands;
    const [shortcut] = manifest.features.shortcuts;

    expect(manifest.display_information.name.length).toBeLessThanOrEqual(35);
    expect(manifest.display_information.description.length).toBeLessThanOrEqual(140);
    expect(command.description.length).toBeLessThanOrEqual(2000);
    expect(shortcut.name.length).toBeLessThanOrEqual(24);
    expect(shortcut.description.length).toBeLessThanOrEqual(150);
  });
});

describe('the table of methods', () => {
  it('has every method that is called, and no other', () => {
    const called = matches(/\.call\(\s*'([\w.]+)'/g);

    expect(new Set(called)).toEqual(new Set(Object.keys(SLACK_METHODS)));
  });

  it('cannot be passed by: only the client calls the Web API', () => {
    const passing = sources().filter(({ text }) => /\.apiCall\(|new WebClient\(/.test(text));

    expect(passing.map(({ name }) => name)).toEqual([join(SOURCES, 'slack-client.ts')]);
  });
});

function sources(): readonly { readonly name: string; readonly text: string }[] {
  return readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ name: join(SOURCES, name), text: readFileSync(join(SOURCES, name), 'utf8') }));
}

function matches(pattern: RegExp): readonly string[] {
  return sources().flatMap(({ text }) => [...text.matchAll(pattern)].map(([, found = '']) => found));
}
