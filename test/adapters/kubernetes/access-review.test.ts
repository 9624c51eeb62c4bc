import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { AccessReview } from '../../../src/adapters/kubernetes/access-review.ts';
import { openTestCluster, sendJson, sendStatus, startApiServer, writeKubeconfig } from './api-server.ts';

const getPods = { verb: 'get', group: '', resource: 'pods' } as const;

interface Received {
  readonly method: string;
  readonly path: string;
  readonly type: string | undefined;
  readonly body: unknown;
}

/** A review against a server that answers by path; returns what it received as well. */
async function reviewWith(
  answer: (path: string, response: ServerResponse, count: number) => void,
): Promise<{ readonly review: AccessReview; readonly received: Received[] }> {
  const received: Received[] = [];
  const reply = async (request: IncomingMessage, response: ServerResponse, count: number): Promise<void> => {
    const text = await read(request);
    const { method = '', url: path = '', headers } = request;
    received.push({ method, path, type: headers['content-type'], body: text === '' ? undefined : JSON.parse(text) });
    answer(path, response, count);
  };
  const { url } = await startApiServer((...exchange) => void reply(...exchange));
  const cluster = openTestCluster({ kubeconfig: writeKubeconfig(url) });
  return { review: cluster.review({ sleep: async () => {}, random: () => 0.5 }), received };
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
}

describe('kubernetesAccessReview', () => {
  it('asks for the version', async () => {
    const { review, received } = await reviewWith((_path, response) => sendJson(response, { gitVersion: 'v1.34.4' }));

    expect(await review.version()).toEqual({ kind: 'known', value: 'v1.34.4' });
    expect(received).toEqual([{ method: 'GET', path: '/version', type: undefined, body: undefined }]);
    expect(review.serverTime()).toBeInstanceOf(Date);
  });

  it('asks who it is', async () => {
    const status = { userInfo: { username: 'jane\u202e' } };
    const { review } = await reviewWith((_path, response) => sendJson(response, { status }, 201));

    expect(await review.user()).toEqual({ kind: 'known', value: String.raw`jane\u{202e}` });
  });

  it.each([
    [true, true],
    [false, false],
    [undefined, false],
    ['true', false],
  ])('takes allowed: %j for %j', async (allowed, value) => {
    const { review } = await reviewWith((_path, response) => sendJson(response, { status: { allowed } }, 201));

    expect(await review.may(getPods)).toEqual({ kind: 'known', value });
  });

  it('posts the review that Kubernetes expects, with a subresource and a namespace', async () => {
    const { review, received } = await reviewWith((_path, response) => sendJson(response, { status: {} }, 201));

    await review.may({ verb: 'get', group: '', resource: 'pods/log' }, 'shop');

    expect(received).toEqual([
      {
        method: 'POST',
        path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        type: 'application/json',
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: {
            resourceAttributes: { verb: 'get', group: '', resource: 'pods', subresource: 'log', namespace: 'shop' },
          },
        },
      },
    ]);
  });

  it.each([
    [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }, true],
    [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }, true],
    [{ verbs: ['list'], apiGroups: [''], resources: ['pods'] }, false],
    [{ verbs: ['get'], apiGroups: ['apps'], resources: ['pods'] }, false],
    [{ verbs: ['get'], apiGroups: [''], resources: ['pods'], resourceNames: ['web-0'] }, false],
    [{ verbs: ['get'], apiGroups: [''], resources: ['pods/log'] }, false],
    [{ verbs: 'get', apiGroups: null }, false],
  ])('reads the rule %j: %j', async (rule, allowed) => {
    const status = { resourceRules: [rule, null], incomplete: false };
    const { review } = await reviewWith((_path, response) => sendJson(response, { status }, 201));

    const rights = await review.rightsIn('shop');

    expect(rights.kind === 'known' && [rights.value.may(getPods), rights.value.complete]).toEqual([allowed, true]);
  });

  it('tries again when the server is busy', async () => {
    const { review, received } = await reviewWith((_path, response, count) =>
      count === 1 ? sendStatus(response, 429, 'busy') : sendJson(response, { status: { allowed: true } }, 201),
    );

    expect([await review.may(getPods), received.length]).toEqual([{ kind: 'known', value: true }, 2]);
  });

  it.each([
    [403, 'forbidden', 'could not read its own rights; the missing permission is `create selfsubjectaccessreviews'],
    [401, 'unauthorized', 'does not accept the credentials'],
    [404, 'invalid', 'the API server answered 404'],
    [500, 'unavailable', 'answered 500'],
  ])('says why it cannot be told: %i', async (code, why, words) => {
    const { review } = await reviewWith((_path, response) => sendStatus(response, code, 'no'));

    expect(await review.may(getPods)).toEqual({ kind: 'unreadable', why, message: expect.stringContaining(words) });
  });

  it('does not take a web page for an API server', async () => {
    const { review } = await reviewWith((_path, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
    });

    expect(await review.version()).toMatchObject({ kind: 'unreadable', why: 'invalid' });
  });
});
