import { storedText } from '../redis/stored-text.ts';
import type { Violation } from './cell.ts';
import type { ChaosWorld } from './chaos-world.ts';

/** Secrets in what was posted, stored or logged. */
export async function leaks(world: ChaosWorld): Promise<readonly Violation[]> {
  const { slack, bots, canaries, redis, api } = world;
  const posted = JSON.stringify([slack.calls().map(({ args }) => args), slack.ephemerals()]);
  const stored = await storedText(redis.client);
  const logged = bots.map((bot) => bot.log()).join('\n');
  const written = (await redis.everWritten()).toString('latin1');
  const sent = api.suspicious.join('\n');
  const places = {
    'what was posted': posted,
    Redis: stored,
    'the log of Redis': written,
    'the logs': logged,
    'what was sent to the API server': sent,
  };
  const found = Object.entries(places).flatMap(([place, text]) =>
    canaries
      // The token is how the bot proves itself to Slack; the stand-in notes no headers.
      .filter((canary) => text.includes(canary))
      .map((canary): Violation => ({ invariant: 'I7', says: `a secret (${canary.slice(0, 6)}…) is in ${place}` })),
  );
  const isBlind = api.effects.length > 0 && api.secretsRead === 0;
  const blind: Violation = { invariant: 'other', says: 'the bot never read a secret, so that it could not leak one' };
  return isBlind ? [...found, blind] : found;
}
