import type { Metrics } from '../../ports/metrics.ts';
import { type LayoutMemory, TIERS } from './layout-memory.ts';
import type { Tier } from './messages/rendered-message.ts';
import type { CallResult } from './slack-client.ts';

/** What sending in layouts needs. */
export interface LayoutDeps {
  readonly layouts: LayoutMemory;
  readonly metrics: Metrics;
}

// What is wrong with one message says nothing about what the workspace can show.
const OF_ONE_MESSAGE = ['metadata_too_large', 'msg_blocks_too_long', 'msg_too_long', 'no_text', 'too_many_attachments'];
const ABOUT_LAYOUT = [
  ...OF_ONE_MESSAGE,
  'invalid_arguments',
  'invalid_attachments',
  'invalid_blocks',
  'invalid_blocks_format',
];

/**
 * Sends in the richest layout that the workspace takes. When Slack refuses it, the next plainer one is tried, and the
 * one that was accepted is remembered for the workspace. `plain` is never refused for its blocks: it has none.
 */
export async function inLayouts(
  deps: LayoutDeps,
  team: string,
  send: (tier: Tier) => Promise<CallResult>,
): Promise<CallResult> {
  let tier = await deps.layouts.tier(team);
  let result = await send(tier);
  let refusedFor: string | undefined;
  for (const plainer of TIERS.slice(TIERS.indexOf(tier) + 1)) {
    if (result.kind === 'ok' || !ABOUT_LAYOUT.includes(result.failure.code)) {
      break;
    }
    deps.metrics.count('slack_layout_fallbacks_total', { tier });
    refusedFor = result.failure.code;
    tier = plainer;
    result = await send(tier);
  }
  if (result.kind === 'ok' && refusedFor !== undefined && !OF_ONE_MESSAGE.includes(refusedFor)) {
    await deps.layouts.remember(team, tier);
  }
  return result;
}
