import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BotWorld, openBotWorld } from '../integration/bot-world.ts';
import { CONFIG_MISSING, TOO_LARGE } from './broken-pods.ts';
import { describeWithCluster } from './injected-cluster.ts';

const MANIFEST = `${CONFIG_MISSING}
---${TOO_LARGE}---
apiVersion: v1
kind: Pod
metadata: { name: misspelt }
spec:
  containers:
    - { name: app, image: "lab/no-such-image:1", imagePullPolicy: Never }
`;

describeWithCluster('the bot in front of a real cluster', (cluster) => {
  const namespace = `bot-${Date.now().toString(36)}`;
  const worlds: BotWorld[] = [];

  beforeAll(async () => {
    await cluster.kubectl(['create', 'namespace', namespace]);
    await cluster.kubectl(['-n', namespace, 'wait', 'serviceaccount/default', '--for=create', '--timeout=60s']);
    await cluster.kubectl(['-n', namespace, 'apply', '-f', '-'], MANIFEST);
    await cluster.kubectl([
      '-n',
      namespace,
      'wait',
      'pod/misspelt',
      '--for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=ErrImageNeverPull',
      '--timeout=90s',
    ]);
  }, 180_000);

  afterAll(async () => {
    await Promise.all(worlds.map((world) => world.close()));
    await cluster.deleteNamespace(namespace);
  });

  test.each(['http', 'socket'] as const)('answers three questions over %s', async (mode) => {
    const world = await openBotWorld({ mode, kubeconfig: cluster.kubeconfig });
    worlds.push(world);
    await world.start();
    const { ops } = world.slack.channels;

    for (const name of ['config-missing', 'too-large', 'misspelt']) {
      await world.slack.drivers.command({ text: `why ${name} -n ${namespace}` });
    }
    const texts = await world.slack.waitFor(() => {
      const messages = world.slack.messages(ops.id);
      return messages.length === 3 && messages.map(({ text }) => text);
    }, 30_000);

    expect(texts.toSorted()).toEqual([
      expect.stringMatching(/config-missing .*ConfigMap/),
      expect.stringMatching(/misspelt .*image/),
      expect.stringMatching(/too-large .*cpu/i),
    ]);
    expect(world.slack.problems()).toEqual([]);
  });
});
