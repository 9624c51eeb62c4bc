import { gunzipSync } from 'node:zlib';
import type { Redis } from 'ioredis';

/** Everything that a Redis server holds, keys and values, with what is compressed expanded. */
export async function storedText(client: Redis): Promise<string> {
  const keys = await client.keys('*');
  const values = await Promise.all(keys.map((key) => valueText(client, key)));
  return [...keys, ...values].join('\n');
}

async function valueText(client: Redis, key: string): Promise<string> {
  switch (await client.type(key)) {
    case 'string':
      return bytesText(await client.getBuffer(key));
    case 'hash':
      return Object.values(await client.hgetallBuffer(key))
        .map(bytesText)
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

function bytesText(bytes: Buffer | null): string {
  if (bytes === null) {
    return '';
  }
  return (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString();
}
