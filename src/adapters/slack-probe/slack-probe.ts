import { LogLevel, WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebClient } from '@slack/web-api';
import type {
  AppTokenFact,
  BotTokenFact,
  ChannelFact,
  SlackFacts,
  SlackFault,
  UserGroupFact,
} from '../../core/doctor/slack-facts.ts';
import { printable, shorten } from '../../core/facts/text.ts';

/** What is asked about; a part without a token is left out. */
export interface SlackProbe {
  readonly botToken?: string;
  /** Absent in HTTP mode. */
  readonly appToken?: string;
  /** Slack's own when absent. */
  readonly apiUrl?: string;
  readonly channels: readonly string[];
  /** User groups; none when absent. */
  readonly groups?: readonly string[];
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
/** Slack allows about fifty such calls a minute. */
const MOST_CHANNELS = 40;
/** And about twenty of these. */
const MOST_GROUPS = 15;

/** Asks Slack what the tokens are good for, and about the channels and user groups; posts and changes nothing, never throws. */
export async function probeSlack(probe: SlackProbe): Promise<SlackFacts> {
  const { botToken, appToken } = probe;
  const [bot, app] = await Promise.all([
    botToken === undefined ? undefined : botFact(botToken, probe),
    appToken === undefined ? undefined : appFact(appToken, probe),
  ]);
  const found = bot?.kind === 'valid' && botToken !== undefined ? await placeFacts(botToken, probe) : NOTHING_FOUND;
  return { ...(bot === undefined ? {} : { bot }), ...(app === undefined ? {} : { app }), ...found };
}

type PlaceFacts = Pick<SlackFacts, 'channels' | 'groups' | 'leftOut'>;

const NOTHING_FOUND: PlaceFacts = { channels: [], groups: [], leftOut: 0 };

async function placeFacts(token: string, probe: SlackProbe): Promise<PlaceFacts> {
  const { channels, groups = [] } = probe;
  const asked = channels.slice(0, MOST_CHANNELS);
  const client = clientOf(token, probe);
  return {
    channels: await inTurn(asked, (id) => channelFact(id, client)),
    groups: await inTurn(groups.slice(0, MOST_GROUPS), (id) => groupFact(id, client)),
    leftOut: channels.length - asked.length,
  };
}

/** A fetch that notes what Slack's clock said. */
interface Dated {
  skewMs: number | undefined;
}

function clientOf(token: string, { apiUrl, timeoutMs = TIMEOUT_MS }: SlackProbe, dated?: Dated): WebClient {
  return new WebClient(token, {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    timeout: timeoutMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    // Its own logger would write to the terminal.
    logger: SILENT,
    fetch: async (url, init) => {
      const sentAt = Date.now();
      const response = await fetch(url, init);
      const date = Date.parse(response.headers.get('date') ?? '');
      if (dated !== undefined && !Number.isNaN(date)) {
        // The header is cut to whole seconds, on average by half of one.
        dated.skewMs = (sentAt + Date.now()) / 2 - (date + 500);
      }
      return response;
    },
  });
}

const SILENT = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

async function botFact(token: string, probe: SlackProbe): Promise<BotTokenFact> {
  const dated: Dated = { skewMs: undefined };
  try {
    const { team, user, response_metadata: metadata } = await clientOf(token, probe, dated).auth.test();
    return {
      kind: 'valid',
      team: safe(team),
      bot: safe(user),
      scopes: metadata?.scopes,
      clockSkewMs: dated.skewMs,
    };
  } catch (error) {
    return faultOf(error);
  }
}

async function appFact(token: string, probe: SlackProbe): Promise<AppTokenFact> {
  try {
    await clientOf(token, probe).apps.connections.open({});
    return { kind: 'valid' };
  } catch (error) {
    return faultOf(error);
  }
}

/** One after the other, so that the bot keeps its share of the rate limit. */
async function inTurn<Fact>(ids: readonly string[], ask: (id: string) => Promise<Fact>): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for (const id of ids) {
    facts.push(await ask(id));
  }
  return facts;
}

async function groupFact(id: string, client: WebClient): Promise<UserGroupFact> {
  try {
    const { users = [] } = await client.usergroups.users.list({ usergroup: id });
    return {
      kind: 'group',
      id,
      people: users.length,
      members: users.filter((user) => /^[UW][A-Z0-9]{1,30}$/.test(user)),
    };
  } catch (error) {
    return { kind: 'unknown', id, fault: faultOf(error) };
  }
}

async function channelFact(id: string, client: WebClient): Promise<ChannelFact> {
  try {
    const { channel } = await client.conversations.info({ channel: id });
    return {
      kind: 'channel',
      id,
      name: safe(channel?.name),
      member: channel?.is_member === true,
      archived: channel?.is_archived === true,
      shared: channel?.is_ext_shared === true || channel?.is_pending_ext_shared === true,
    };
  } catch (error) {
    return { kind: 'unknown', id, fault: faultOf(error) };
  }
}

function faultOf(error: unknown): SlackFault {
  if (error instanceof WebAPIPlatformError) {
    return { kind: 'refused', code: safe(error.data.error) };
  }
  if (error instanceof WebAPIRateLimitedError) {
    return { kind: 'refused', code: `ratelimited, try again in ${error.retryAfter} s` };
  }
  if (error instanceof WebAPIHTTPError) {
    return { kind: 'unreachable', reason: `HTTP ${error.statusCode}` };
  }
  return { kind: 'unreachable', reason: networkReason(error) };
}

/** The innermost code: the SDK and fetch wrap what the system said. */
function networkReason(error: unknown): string {
  let reason = error instanceof Error ? error.message : String(error);
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string' && !at.code.startsWith('slack_webapi')) {
      reason = at.code;
    } else if (at.name === 'TimeoutError') {
      reason = 'no answer in time';
    }
  }
  return safe(reason);
}

/** Texts of Slack are as hostile as any. */
function safe(text: string | undefined): string {
  return shorten(printable(text ?? '').replaceAll(/\s+/g, ' '), 100);
}
