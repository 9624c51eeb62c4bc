import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mentionedServices } from '../../../src/core/facts/service-mentions.ts';

const services = [
  { name: 'blog-api', namespace: 'shop' },
  { name: 'db', namespace: 'data' },
];

function mentioned(text: string): readonly string[] {
  return mentionedServices([text], services, 'shop').map(({ name }) => name);
}

describe('a Service is mentioned', () => {
  it.each([
    'http://blog-api:8080',
    'http://blog-api',
    'HTTP://BLOG-API/health',
    'https://blog-api.shop.svc.cluster.local/x',
    'blog-api.shop.svc.cluster.local.',
    'blog-api.shop',
    'blog-api.shop.svc:80',
    'blog-api:8080',
    'blog-api',
    ' blog-api\n',
    'amqp://user:word@blog-api:5672/queue',
    'dial tcp: lookup blog-api.shop.svc on 10.0.0.10:53: no such host',
    'connect to blog-api:8080 failed',
    '--target=blog-api:8080',
    '["http://blog-api:8080"]',
  ])('by %s', (text) => {
    expect(mentioned(text)).toEqual(['blog-api']);
  });

  it.each([
    'blog-api.yaml',
    '/etc/blog-api/config',
    'the blog-api is down',
    'my-blog-api:8080',
    'http://my-blog-api',
    'http://blog-api-v2:8080',
    'http://blog-api.example.com and the word blog-api',
    'http://x.blog-api:8080',
    'blog_blog-api:8080',
    'registry.local/team/blog-api:2024',
    'blog-api:v1.2',
    'blog-api:latest',
    'blog-api: error',
    'blog-api.other.svc.cluster.local',
    'blog-api.shop.svcs',
    'http://db:5432',
    '',
  ])('not by %s', (text) => {
    expect(mentioned(text)).toEqual([]);
  });

  it('in another namespace by its longer names only', () => {
    expect(mentioned('postgres://db.data:5432')).toEqual(['db']);
  });

  it('once, with the last text that names it, cut', () => {
    const long = `http://blog-api:8080/${'x'.repeat(500)}`;

    expect(mentionedServices(['blog-api', long], services, 'shop')).toEqual([
      { name: 'blog-api', namespace: 'shop', text: long.slice(0, 200) },
    ]);
  });

  it('only if its name stands in the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('b', '-', '.', ':', '/', '8', '@', ' ') }), (text) => {
        const found = mentionedServices([text], [{ name: 'bb', namespace: 'b' }], 'b');

        expect(found.length === 0 || text.includes('bb')).toBe(true);
      }),
    );
  });
});
