import type { Act } from '../../ports/bot.ts';
import type { BotDeps } from './bot-deps.ts';

/** Slack delivers a click again within minutes, if at all. */
const CLICK_SECONDS = 3600;

/** Whether a click was not acted on before; a second delivery of it is counted. */
export async function isFirstClick(act: Act, { seen, ids, metrics }: BotDeps): Promise<boolean> {
  const first = await seen.firstTime(`click-${ids.derive(act.team, act.delivery)}`, CLICK_SECONDS);
  if (!first) {
    metrics.count('duplicates_total', { kind: 'click' });
  }
  return first;
}
