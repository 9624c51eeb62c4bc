import { FaultScripts } from './faults.ts';
import { DEFAULT_SCOPES, type SlackSimOptions } from './options.ts';
import { Changes } from './store/changes.ts';
import { FileStore } from './store/files.ts';
import { Ids } from './store/ids.ts';
import { MessageStore } from './store/messages.ts';
import type { CallRecord } from './store/records.ts';
import { ResponseUrlStore } from './store/response-urls.ts';
import { TriggerStore } from './store/triggers.ts';
import { ViewStore } from './store/views.ts';
import { RateLimiter } from './web-api/rate-limiter.ts';
import { World } from './world/world.ts';

/** Everything one stand-in holds; its parts get it whole. */
export interface SimState {
  readonly options: SlackSimOptions;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly tokens: SimTokens;
  readonly world: World;
  readonly ids: Ids;
  readonly changes: Changes;
  readonly messages: MessageStore;
  readonly files: FileStore;
  readonly views: ViewStore;
  readonly triggers: TriggerStore;
  readonly responseUrls: ResponseUrlStore;
  readonly limiter: RateLimiter;
  readonly faults: FaultScripts;
  readonly calls: CallRecord[];
  readonly problems: string[];
  readonly allowed: { readonly mentions: string[]; readonly links: string[] };
  /** The address of the server; empty until it listens. */
  url: string;
  requestUrl: string;
  /** How often each envelope is delivered unless the driver says otherwise. */
  deliveryTimes: number;
}

/** The secrets of the installed app, what they may do, and why they no longer work. */
export interface SimTokens {
  readonly bot: string;
  readonly app: string;
  readonly signingSecret: string;
  scopes: readonly string[];
  /** `token_revoked`, `account_inactive` and the like. */
  refusal: string | undefined;
}

export function createState(options: SlackSimOptions): SimState {
  const ids = new Ids();
  const changes = new Changes();
  const { mentions = [], links = [] } = options.allowed ?? {};
  return {
    options,
    clock: options.clock ?? Date.now,
    tokens: tokensOf(options),
    world: new World(options.world),
    ids,
    changes,
    messages: new MessageStore(changes),
    files: new FileStore(ids, changes),
    views: new ViewStore(ids, changes),
    triggers: new TriggerStore(ids),
    responseUrls: new ResponseUrlStore(ids),
    limiter: new RateLimiter(options.rateLimits),
    faults: new FaultScripts(),
    calls: [],
    problems: [],
    allowed: { mentions: [...mentions], links: [...links] },
    url: '',
    requestUrl: options.requestUrl ?? '',
    deliveryTimes: 1,
  };
}

function tokensOf(options: SlackSimOptions): SimTokens {
  return {
    bot: options.botToken ?? 'xoxb-sim-bot',
    app: options.appToken ?? 'xapp-1-A0KUBEWHY-1-sim',
    signingSecret: options.signingSecret ?? 'sim-signing-secret',
    scopes: options.scopes ?? DEFAULT_SCOPES,
    refusal: undefined,
  };
}
