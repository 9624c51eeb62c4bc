import { App, type CodedError, type ReceiverEvent, UnknownError } from '@slack/bolt';
import { listenToHome } from './listeners/app-home.ts';
import { listenToActions } from './listeners/card-actions.ts';
import { listenToDirectMessages } from './listeners/direct-message.ts';
import type { ListenerDeps } from './listeners/listener-deps.ts';
import { listenToMentions } from './listeners/mention.ts';
import { listenToShortcuts } from './listeners/message-shortcut.ts';
import { listenToCommand } from './listeners/slash-command.ts';
import { tellFailure } from './listeners/tell.ts';
import { listenToViews } from './listeners/views.ts';
import { listenToRemoval } from './listeners/workspace-gone.ts';
import { workspaceProblem } from './listeners/workspace-problem.ts';
import { createDeliveryGuard, type DeliveryGuard } from './receivers/delivery-guard.ts';
import { deliveryKind } from './receivers/delivery-kind.ts';
import type { ReceiverStatus, SlackReceiver } from './receivers/slack-receiver.ts';
import { type SlackConnection, webClientOptions } from './slack-client.ts';
import { createSlackLogger } from './slack-logger.ts';

/** What the app needs; the log and the metrics are those of the connection. */
export interface SlackAppOptions extends Omit<ListenerDeps, 'logger' | 'metrics'> {
  readonly receiver: SlackReceiver;
  readonly connection: SlackConnection;
  /** Milliseconds that `stop` waits for what is under way; 8,000 when absent. */
  readonly drainMs?: number;
}

/** The side of Slack on which people speak. */
export interface SlackApp {
  /** Resolves once deliveries can arrive. Throws CHAT_REJECTED, CHAT_UNAVAILABLE or CONFIG_INVALID. */
  start(): Promise<void>;
  /** Takes nothing new, lets what is under way end, and closes all connections. */
  stop(): Promise<void>;
  status(): SlackAppStatus;
}

/** How the app is. */
export interface SlackAppStatus extends ReceiverStatus {
  /** Deliveries that are being handled. */
  readonly inFlight: number;
}

const DRAIN_MS = 8000;
const LAST_ACKS_MS = 3000;

/** Bolt with every delivery guarded: of our workspace only, acknowledged once and in time, never lost in a rejection. */
class GuardedApp extends App {
  private readonly guard: DeliveryGuard;
  private readonly deps: ListenerDeps;

  constructor(options: SlackAppOptions, deps: ListenerDeps, guard: DeliveryGuard) {
    const { identity, receiver, connection } = options;
    super({
      receiver,
      authorize: () => Promise.resolve({ botId: identity.botId, botUserId: identity.botUser, teamId: identity.team }),
      convoStore: false,
      attachFunctionToken: false,
      logger: createSlackLogger(connection.logger),
      clientOptions: webClientOptions(connection),
    });
    this.guard = guard;
    this.deps = deps;
  }

  override processEvent(event: ReceiverEvent): Promise<void> {
    return this.guard.run(event, async (guarded) => {
      const problem = workspaceProblem(guarded.body, this.deps.identity.team);
      await (problem === undefined ? super.processEvent(guarded) : refuseWorkspace(this.deps, guarded, problem));
    });
  }
}

/** The app; nothing is connected before `start`. */
export function createSlackApp(options: SlackAppOptions): SlackApp {
  const { receiver, connection } = options;
  const deps: ListenerDeps = { ...options, logger: connection.logger, metrics: connection.metrics };
  const guard = createDeliveryGuard({
    logger: connection.logger,
    metrics: connection.metrics,
    tell: (body, text) => tellFailure(deps, body, text),
  });
  const app = new GuardedApp(options, deps, guard);
  // The guard handles every failure, in one place.
  app.error(rethrow);
  for (const listen of LISTENERS) {
    listen(app, deps);
  }
  return {
    async start() {
      await receiver.start();
    },
    stop: () => stop(receiver, guard, options.drainMs ?? DRAIN_MS),
    status: () => ({ ...receiver.status(), inFlight: guard.running() }),
  };
}

async function rethrow(error: CodedError): Promise<never> {
  throw error instanceof UnknownError ? error.original : error;
}

const LISTENERS = [
  listenToCommand,
  listenToMentions,
  listenToDirectMessages,
  listenToShortcuts,
  listenToActions,
  listenToViews,
  listenToHome,
  listenToRemoval,
];

async function stop(receiver: SlackReceiver, guard: DeliveryGuard, drainMs: number): Promise<void> {
  const startedAt = performance.now();
  receiver.refuseNew();
  // An acknowledgement needs its connection.
  await guard.acknowledged(Math.min(LAST_ACKS_MS, drainMs));
  await receiver.stop();
  await guard.idle(Math.max(0, drainMs - (performance.now() - startedAt)));
}

async function refuseWorkspace(deps: ListenerDeps, event: ReceiverEvent, reason: string): Promise<void> {
  deps.metrics.count('slack_requests_refused_total', { reason });
  deps.logger.warn('A delivery from another workspace was refused', { reason });
  const text = 'This Kubewhy serves another workspace. Nothing was done.';
  await event.ack(deliveryKind(event.body) === 'command' ? { response_type: 'ephemeral', text } : undefined);
}
