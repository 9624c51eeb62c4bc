import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Courier } from './delivery/courier.ts';
import { Drivers } from './delivery/drivers.ts';
import { FaultControls } from './fault-controls.ts';
import { serve } from './http/serve.ts';
import type { SlackSimOptions } from './options.ts';
import type { SlackSim } from './slack-sim-types.ts';
import { SocketHub } from './socket/socket-hub.ts';
import { createState, type SimState } from './state.ts';
import { allMethods } from './web-api/all-methods.ts';
import { CHANNELS, USERS } from './world/default-world.ts';

export type { SlackSimOptions } from './options.ts';
export type { SlackSim } from './slack-sim-types.ts';

/** Starts a workspace with the app installed, on a loopback port. Close it when done. */
export async function startSlackSim(options: SlackSimOptions = {}): Promise<SlackSim> {
  const state = createState(options);
  const hub = new SocketHub(state);
  const drivers = new Drivers(state, new Courier(state, hub));
  const methods = allMethods(() => hub.openTicket());
  const server = createServer(serve({ state, methods, drivers }));
  server.on('upgrade', (request, stream, head) => hub.accept(request, stream, head));
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  state.url = `http://127.0.0.1:${port}`;
  return simOf({ state, hub, drivers, server });
}

interface Parts {
  readonly state: SimState;
  readonly hub: SocketHub;
  readonly drivers: Drivers;
  readonly server: Server;
}

function simOf(parts: Parts): SlackSim {
  const { state, hub, drivers } = parts;
  const { tokens, world } = state;
  const sim: SlackSim = {
    url: state.url,
    apiUrl: `${state.url}/api/`,
    signingSecret: tokens.signingSecret,
    botToken: tokens.bot,
    appToken: tokens.app,
    team: world.team,
    app: world.app,
    users: USERS,
    channels: CHANNELS,
    world,
    drivers,
    faults: new FaultControls(state, hub),
    ...settersOf(state),
    ...recordsOf(state),
    socketConnections: () => hub.connectionCount,
    waitFor: (probe, milliseconds = 5000) => state.changes.waitFor(() => probe(sim), milliseconds),
    close: () => close(parts),
  };
  return sim;
}

function settersOf(state: SimState): Pick<SlackSim, 'setRequestUrl' | 'setScopes' | 'setTokenRefusal' | 'allow'> {
  const { allowed, tokens } = state;
  return {
    setRequestUrl: (url) => {
      state.requestUrl = url;
    },
    setScopes: (scopes) => {
      tokens.scopes = scopes;
    },
    setTokenRefusal: (error) => {
      tokens.refusal = error;
    },
    allow: ({ mentions = [], links = [] }) => {
      allowed.mentions.push(...mentions);
      allowed.links.push(...links);
    },
  };
}

type Records = 'messages' | 'sent' | 'replies' | 'ephemerals' | 'files' | 'views' | 'homes' | 'calls' | 'problems';

function recordsOf(state: SimState): Pick<SlackSim, Records> {
  const { messages, views, world } = state;
  return {
    messages: (channel) => messages.list(channel),
    sent: () => world.channels.flatMap(({ id }) => messages.all(id)).filter(({ user }) => user === world.app.botUserId),
    replies: (channel, ts) => messages.replies(channel, ts),
    ephemerals: () => messages.ephemerals(),
    files: () => state.files.list(),
    views: () => views.modals(),
    homes: () => views.homeViews(),
    calls: (method) => state.calls.filter((call) => method === undefined || call.method === method),
    problems: () => [...state.problems],
  };
}

async function close({ state, hub, server }: Parts): Promise<void> {
  state.faults.release();
  hub.drop();
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
