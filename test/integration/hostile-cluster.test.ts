import { afterEach, describe, expect, it } from 'vitest';
import type { MessageRecord } from '../../src/sim/slack/store/records.ts';
import { storedText } from '../redis/stored-text.ts';
import { acceptedId, command, menuChoice, messagesOf, placeOf, toldAlone, untilSent } from './bot-talk.ts';
import { type BotWorld, openBotWorld } from './bot-world.ts';
import { HOSTILE_PODS, hostileRecording, SECRETS } from './hostile-cluster.ts';
import { inRedis } from './remediation-talk.ts';

const TEST_MS = 60_000;
const ESCAPE = '\u001b';

let world: BotWorld;

afterEach(async () => {
  const problems = world.slack.problems();
  await world.close();
  expect(problems).toEqual([]);
});

/** Everything that the bot has ever sent to Slack. */
function sentText(): string {
  return JSON.stringify(world.slack.calls().map(({ args }) => args)) + filesText();
}

function filesText(): string {
  return world.slack
    .files()
    .map(({ content }) => content.toString())
    .join('\n');
}

async function answerAbout(pod: string): Promise<MessageRecord> {
  const id = acceptedId(await command(world, { text: `why ${pod} -n shop` }));
  return world.slack.waitFor(() => messagesOf(world, id)[0], 20_000);
}

describe.each(['rich', 'classic', 'plain'] as const)(
  'a cluster in which every text is hostile, in the %s layout',
  (tier) => {
    it(
      'is diagnosed rightly without a mention, a link or a secret',
      async () => {
        world = await openBotWorld({
          recordings: [hostileRecording()],
          slack: { rateLimits: 'off', allowed: { mentions: ['U0ALICE01'] } },
        });
        if (tier !== 'rich') {
          const types = tier === 'classic' ? ['table'] : ['section'];
          world.slack.faults.add({
            method: '*',
            fault: { kind: 'invalid-blocks', types },
            times: Number.POSITIVE_INFINITY,
          });
        }
        await world.start();

        const answers: string[] = [];
        for (const [pod] of HOSTILE_PODS) {
          const answer = await answerAbout(pod);
          answers.push(JSON.stringify([answer.text, answer.blocks]));
          if (tier !== 'plain') {
            await lookFurther(answer);
          }
        }
        await untilSent(world);
        const stored = await inRedis(world, storedText);
        const logged = JSON.stringify(world.logger.lines);

        for (const [index, [, playbook]] of HOSTILE_PODS.entries()) {
          expect(answers[index]).toContain(`${playbook}@`);
        }
        for (const secret of SECRETS) {
          expect([sentText().includes(secret), stored.includes(secret), logged.includes(secret)]).toEqual([
            false,
            false,
            false,
          ]);
        }
        expect(sentText()).not.toContain(ESCAPE);
        expect(stored).toContain('evil.example');
      },
      TEST_MS,
    );
  },
);

/** The evidence into the thread, and the commands. */
async function lookFurther(answer: MessageRecord): Promise<void> {
  const { slack } = world;
  const told = toldAlone(world).length;
  await slack.drivers.action({ place: placeOf(answer), actionId: 'case.evidence' });
  await slack.waitFor(() => slack.replies(answer.channel, answer.ts)[0], 20_000);
  const chosen = { selected_option: { value: menuChoice(answer, 'kubectl') } };
  await slack.drivers.action({ place: placeOf(answer), actionId: 'case.more', chosen });
  await slack.waitFor(() => toldAlone(world)[told], 20_000);
}
