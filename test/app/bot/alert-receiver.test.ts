import { afterEach, expect, it } from 'vitest';
import { type InternalServer, startInternalServer } from '../../../src/adapters/http/internal-server.ts';
import { alertReceiver } from '../../../src/app/bot/alert-receiver.ts';
import { parseSettings } from '../../../src/config/parse-settings.ts';
import { Secret } from '../../../src/config/secret.ts';
import type { Settings } from '../../../src/config/settings.ts';
import { CountingMetrics, FakeAlertIntake, post, TOKEN } from '../../adapters/http/alerts-stage.ts';
import { wireAlert, wirePayload } from '../../core/triage/payloads.ts';
import { RecordingLogger } from '../../fakes/recording-logger.ts';

let server: InternalServer | undefined;

afterEach(async () => {
  await server?.close();
});

function settingsOf(alerts: object): Settings {
  const result = parseSettings({ clusters: [{ name: 'prod' }, { name: 'stage' }], alerts });
  if (result.kind !== 'valid') {
    throw new Error(JSON.stringify(result));
  }
  return result.settings;
}

it('takes alerts by the settings that hold at that time', async () => {
  const intake = new FakeAlertIntake();
  let settings = settingsOf({ channel: 'C0ALL' });
  const handle = alertReceiver({
    settings: () => settings,
    service: { alertTokens: [{ sender: 'prometheus', token: new Secret(TOKEN) }] },
    stores: { alerts: intake },
    logger: new RecordingLogger(),
    metrics: new CountingMetrics(),
  });
  server = await startInternalServer({
    port: 0,
    host: '127.0.0.1',
    readiness: async () => [],
    metrics: async () => ({ type: 'text/plain', body: '' }),
    alerts: handle,
  });
  const url = `http://127.0.0.1:${server.port}/alerts`;
  const labels = { alertname: 'KubePodNotReady', namespace: 'shop', pod: 'web-0' };

  await post(url, wirePayload([wireAlert(labels, { fingerprint: 'a' })]));
  settings = settingsOf({
    senders: [{ name: 'prometheus', cluster: 'stage', namespaces: ['shop'] }],
    routes: [{ match: { namespace: 'shop' }, channel: 'C0SHOP' }],
  });
  await post(url, wirePayload([wireAlert(labels, { fingerprint: 'b' })]));

  expect(
    intake.alerts.map(({ cluster, channel, readable, mapped }) => [cluster, channel, readable, mapped.target.kind]),
  ).toEqual([
    ['', 'C0ALL', ['*'], 'unmapped'],
    ['stage', 'C0SHOP', ['shop'], 'object'],
  ]);
});
