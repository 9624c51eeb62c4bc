import { beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/core/facts/json.ts';
import { childOf, textAt } from '../../src/core/recording/object-parts.ts';
import type { HttpAnswer } from './http-client.ts';
import type { OpenWatch, WatchLine } from './watch-client.ts';

/** An API server in whose namespace, which has no pods, a test can make some. */
export interface WatchedServer {
  readonly namespace: string;
  /** A watch of so many seconds gets a bookmark. */
  readonly bookmarkedSeconds: number;
  send(path: string): Promise<HttpAnswer>;
  watch(path: string): Promise<OpenWatch>;
  /** Creates or replaces a pod. */
  put(pod: JsonObject): Promise<void>;
  remove(name: string): Promise<void>;
}

type WatchUser = (path: string) => Promise<HttpAnswer>;

function typesOf(lines: readonly WatchLine[]): readonly string[] {
  return lines.map(({ type, object }) => {
    const metadata = childOf(object, 'metadata');
    const step = textAt(childOf(metadata, 'labels'), 'step');
    return [type, textAt(metadata, 'name'), step].filter((word) => word !== '').join(' ');
  });
}

/** What Kubewhy relies on in watches of pods. `powerless` sends as somebody who may do nothing. */
export function describeWatch(
  title: string,
  open: () => Promise<{ readonly server: WatchedServer; readonly powerless: WatchUser }>,
): void {
  describe(`${title} when pods are watched`, () => {
    let server: WatchedServer;
    let powerless: WatchUser;
    let pods: string;

    beforeAll(async () => {
      ({ server, powerless } = await open());
      pods = `/api/v1/namespaces/${server.namespace}/pods`;
    });

    /** A gate keeps every scheduler and kubelet away from it. */
    const pod = (name: string, labels: JsonObject): JsonObject => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: server.namespace, labels },
      spec: {
        schedulingGates: [{ name: 'example.com/never' }],
        terminationGracePeriodSeconds: 0,
        containers: [{ name: 'app', image: 'busybox:1.36' }],
      },
    });
    const version = async (): Promise<string> => {
      const { json } = await server.send(`${pods}?limit=1`);
      return textAt(childOf(json, 'metadata'), 'resourceVersion');
    };
    const watchFrom = (from: string, more = ''): Promise<OpenWatch> =>
      server.watch(`${pods}?watch=true&resourceVersion=${from}${more}`);

    test('tells every change after the version of a list, in order', async () => {
      const from = await version();
      const watch = await watchFrom(from, '&labelSelector=test%3Dorder');
      await server.put(pod('order', { test: 'order', step: 'one' }));
      await server.put(pod('order', { test: 'order', step: 'two' }));
      await server.remove('order');
      const first = await watch.reach(3);
      const again = await watchFrom(from, '&labelSelector=test%3Dorder');
      const missed = await again.reach(3);
      watch.stop();
      again.stop();

      expect([watch.status, watch.headers['content-type'], watch.headers['transfer-encoding']]).toEqual([
        200,
        'application/json',
        'chunked',
      ]);
      const types = typesOf(first)
        .filter((one) => one !== 'MODIFIED order two')
        .toSorted();
      expect(types).toEqual(['ADDED order one', 'DELETED order two']);
      expect(typesOf(missed)).toEqual(typesOf(first));
      expect(first[0]?.object).toMatchObject({ kind: 'Pod', apiVersion: 'v1', metadata: { uid: expect.any(String) } });
    });

    test('gives every change a later version, the removal as well', async () => {
      const from = await version();
      const watch = await watchFrom(from, '&labelSelector=test%3Dversions');
      await server.put(pod('versions', { test: 'versions', step: 'one' }));
      await server.remove('versions');
      await watch.reach(2);
      watch.stop();

      const versions = watch.lines.map(({ object }) => Number(textAt(childOf(object, 'metadata'), 'resourceVersion')));
      expect(versions).toEqual([...new Set(versions)].toSorted((a, b) => a - b));
      expect(versions[0]).toBeGreaterThan(Number(from));
    });

    test.each(['', '0'])('begins with all that is there for version %j', async (from) => {
      await server.put(pod('here', { test: `here${from}` }));

      const watch = await watchFrom(from, `&labelSelector=test%3Dhere${from}`);
      const lines = await watch.reach(1);
      watch.stop();

      expect(typesOf(lines)).toEqual(['ADDED here']);
    });

    test('what joins and leaves a selection comes and goes', async () => {
      const watch = await watchFrom(await version(), '&labelSelector=step%3Din');
      await server.put(pod('joins', { step: 'out' }));
      await server.put(pod('joins', { step: 'in' }));
      await server.put(pod('joins', { step: 'out' }));
      const lines = await watch.reach(2);
      watch.stop();

      expect(typesOf(lines)).toEqual(['ADDED joins in', 'DELETED joins in']);
    });

    test('ends in order after timeoutSeconds, with a bookmark before when it is asked for', async () => {
      const watch = await watchFrom(
        await version(),
        `&timeoutSeconds=${server.bookmarkedSeconds}&allowWatchBookmarks=true`,
      );
      await server.put(pod('bookmarked', { step: 'one' }));

      const ended = await watch.ended;

      expect(ended).toBe('in order');
      expect(watch.lines.at(-1)).toEqual({
        type: 'BOOKMARK',
        object: {
          kind: 'Pod',
          apiVersion: 'v1',
          metadata: { resourceVersion: expect.stringMatching(/^\d+$/) },
          spec: { containers: null },
          status: {},
        },
      });
    }, 20_000);

    test('says as an event that a version is too old, and ends', async () => {
      const watch = await watchFrom('1');

      const ended = await watch.ended;

      expect([watch.status, ended, watch.lines]).toEqual([
        200,
        'in order',
        [
          {
            type: 'ERROR',
            object: {
              kind: 'Status',
              apiVersion: 'v1',
              metadata: {},
              status: 'Failure',
              message: expect.stringMatching(/^too old resource version: 1 \(\d+\)$/),
              reason: 'Expired',
              code: 410,
            },
          },
        ],
      ]);
    });

    test('says nothing for a version that is not there yet', async () => {
      const watch = await watchFrom('999999999', '&timeoutSeconds=1');

      expect([watch.status, await watch.ended, watch.lines]).toEqual([200, 'in order', []]);
    });

    test('refuses a version that is no number', async () => {
      const answer = await server.send(`${pods}?watch=true&resourceVersion=abc`);

      expect([answer.status, answer.json]).toEqual([
        500,
        {
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Failure',
          message: 'resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
          code: 500,
        },
      ]);
    });

    test.each([
      ['timeoutSeconds=soon', 400],
      ['labelSelector=%25', 400],
    ])('refuses %s', async (parameter, status) => {
      const answer = await server.send(`${pods}?watch=true&resourceVersion=0&${parameter}`);

      expect(answer.status).toBe(status);
    });

    test('is forbidden to whom the verb is not given', async () => {
      const answer = await powerless(`${pods}?watch=true&resourceVersion=0`);

      expect([answer.status, answer.json]).toMatchObject([
        403,
        { message: expect.stringContaining('cannot watch resource "pods" in API group ""'), details: { kind: 'pods' } },
      ]);
    });
  });
}
