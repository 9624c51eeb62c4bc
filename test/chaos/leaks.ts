import { gunzipSync } from 'node:zlib';
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

async function storedText(client: ChaosWorld['redis']['client']): Promise<string> {
  const parts: string[] = [];
  for (const key of await client.keys('*')) {
    parts.push(key, await valueText(client, key));
  }
  return parts.join('\n');
}

async function valueText(client: ChaosWorld['redis']['client'], key: string): Promise<string> {
  switch (await client.type(key)) {
    case 'string':
      return unpacked((await client.getBuffer(key)) ?? Buffer.alloc(0));
    case 'hash':
      return Object.values(await client.hgetallBuffer(key))
        .map(unpacked)
        .join('\n');
    case 'zset':
      return (await client.zrange(key, '0', '-1')).join('\n');
    case 'set':
      return (await client.smembers(key)).join('\n');
    case 'list':
      return (await client.lrange(key, 0, -1)).join('\n');
    case 'stream':
      return JSON.stringify(await client.xrange(key, '-', '+'));
    default:
      return '';
  }
}

function unpacked(bytes: Buffer): string {
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString();
}
