import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from '@slack/bolt';
import type { SlackSim } from '../../../src/sim/slack/slack-sim-types.ts';

/** A Bolt app that a test has started; `stop` ends it with everything it opened. */
export interface RunningApp {
  readonly app: App;
  stop(): Promise<void>;
}

const quiet = { logLevel: LogLevel.ERROR };

/** Real Bolt over HTTP on a free port; the stand-in is told where it listens. */
export async function httpApp(slack: SlackSim): Promise<RunningApp> {
  const receiver = new HTTPReceiver({ signingSecret: slack.signingSecret, ...quiet });
  const app = new App({ ...appOptions(slack), receiver });
  await app.init();
  const server = createServer(receiver.requestListener.bind(receiver));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  slack.setRequestUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return { app, stop: () => closeServer(server) };
}

/** Real Bolt over Socket Mode. */
export async function socketApp(
  slack: SlackSim,
  options: { readonly clientPingTimeout?: number } = {},
): Promise<RunningApp> {
  const receiver = new SocketModeReceiver({
    appToken: slack.appToken,
    ...quiet,
    ...options,
    installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl } },
  });
  const app = new App({ ...appOptions(slack), receiver });
  await app.init();
  await app.start();
  const stop = async () => {
    await app.stop();
    await slack.waitFor(() => slack.socketConnections() === 0);
  };
  return { app, stop };
}

function appOptions(slack: SlackSim) {
  return {
    token: slack.botToken,
    deferInitialization: true,
    convoStore: false as const,
    ...quiet,
    clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true },
  };
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => {
    server.close(resolve);
  });
}
