import { createSlackClient, SLACK_API_URL } from '../../adapters/slack/slack-client.ts';
import { identifyBot } from '../../adapters/slack/slack-identity.ts';
import { createSlackPeople } from '../../adapters/slack/slack-people.ts';
import type { ServiceConfig } from '../../config/service-config.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Metrics } from '../../ports/metrics.ts';
import type { People } from '../../ports/people.ts';

/** An executor waits longer for an answer about an approver than somebody who clicked. */
const LOOKUP_MS = 5000;

/** Looks people up in Slack for an executor, which does not listen to Slack. Throws CHAT_REJECTED and CHAT_UNAVAILABLE. */
export async function executorPeople(parts: {
  readonly service: ServiceConfig;
  readonly logger: Logger;
  readonly metrics: Metrics;
}): Promise<People> {
  const { service, logger, metrics } = parts;
  const apiUrl = service.slack.apiUrl ?? SLACK_API_URL;
  const token = service.slack.botToken?.reveal() ?? '';
  const client = createSlackClient(token, { apiUrl, timeoutMs: LOOKUP_MS, logger, metrics });
  const { team } = await identifyBot(client);
  return createSlackPeople({ client, team });
}
