import { randomBytes } from 'node:crypto';
import type { StageHost } from '../../sim/slack/options.ts';
import { CHANNELS } from '../../sim/slack/world/default-world.ts';
import { AlertStage } from './alert-stage.ts';
import { outageAlerts, STORM_ALERTS, stormAlerts } from './example-alerts.ts';
import type { WebhookTarget } from './post-webhook.ts';

/** How alerts reach the bot of this session. */
export interface TryAlerts {
  /** What the bot is told to accept. */
  readonly token: string;
  readonly port: number;
  /** Where alerts show. */
  readonly channel: string;
  readonly stage: StageHost;
  /** The bot takes alerts from now on. */
  readonly open: () => void;
  readonly stop: () => Promise<void>;
}

const CHANNEL = CHANNELS.shopAlerts.id;
const SCENES = [
  { id: 'outage', label: 'Alerts of the blog outage', alerts: outageAlerts, overMs: 0 },
  {
    id: 'storm',
    label: `Alert storm: ${STORM_ALERTS.toLocaleString('en')} alerts of a mass start`,
    alerts: stormAlerts,
    overMs: 20_000,
  },
] as const;

/** Alerts for a bot that takes them at the port: examples where incidents are recorded, a hint for a real cluster. */
export function tryAlerts(port: number, recorded: boolean): TryAlerts {
  const token = randomBytes(24).toString('hex');
  const target = { url: `http://127.0.0.1:${port}/alerts`, token };
  const common = { token, port, channel: CHANNEL };
  if (!recorded) {
    return { ...common, stage: hintStage(target), open: () => undefined, stop: async () => undefined };
  }
  const stage = new AlertStage({ scenes: SCENES, channel: CHANNEL });
  return { ...common, stage, open: () => stage.open(target), stop: () => stage.close() };
}

/** What to type in a terminal, with the token. */
export function alertCommand({ token, port }: Pick<TryAlerts, 'token' | 'port'>): string {
  return `KUBEWHY_ALERT_TOKEN=${token} ${sendCommand(`http://127.0.0.1:${port}/alerts`)}`;
}

function sendCommand(url: string): string {
  return `kubewhy alert FILE --send ${url}`;
}

/** The token is shown in the terminal only. */
function hintStage({ url }: WebhookTarget): StageHost {
  return {
    shown: () => ({
      title: 'Send alerts',
      hint: 'with the token that the terminal shows; they show in',
      command: sendCommand(url),
      channel: CHANNEL,
      offers: [],
    }),
    play: () => ({ ok: false, error: 'Nothing can be chosen here.' }),
    listen: () => () => undefined,
  };
}
