import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { blankDiagnosis } from '../../../src/core/diagnosis/diagnosis.ts';
import type { Outcome } from '../../../src/core/question/question.ts';
import type { Act, AskReply, Bot } from '../../../src/ports/bot.ts';
import { createBot } from '../../../src/usecases/bot/create-bot.ts';
import { act, type BotStage, NOW, openBotStage, SETTINGS } from './bot-stage.ts';

let stage: BotStage;
let bot: Bot;

beforeAll(async () => {
  stage = await openBotStage();
  bot = createBot(stage.deps);
});

beforeEach(() => stage.reset());
afterAll(() => stage.close());

const ANSWERED: Outcome = {
  kind: 'answered',
  diagnosis: {
    ...blankDiagnosis({ kind: 'Pod', namespace: 'shop', name: 'web-0', uid: 'u1' }, NOW.toISOString(), 'Running'),
    verdict: 'healthy',
    considered: [{ code: 'oom-limit', outcome: 'not-triggered', reason: 'no such end' }],
  },
  tookMs: 20,
  requests: 4,
  playbooks: 'abcdef123456',
};

async function asked(text = 'why web-0', doing: Act = act()): Promise<Extract<AskReply, { kind: 'asked' }>> {
  const reply = await bot.ask(doing, text);
  if (reply.kind !== 'asked') {
    throw new Error(`not asked: ${JSON.stringify(reply)}`);
  }
  return reply;
}

async function answered(text = 'why web-0', doing: Act = act()) {
  const { question } = await asked(text, doing);
  await stage.deps.questions.finish(question.id, 1, ANSWERED);
  return question;
}

describe('a question', () => {
  it('is queued once with the defaults of its channel', async () => {
    const doing = act({ thread: '17.5' });

    const { question, privately } = await asked('why deploy/web', doing);

    expect(question).toEqual({
      id: expect.stringMatching(/^q-[a-z2-7]{16}$/),
      cluster: 'prod',
      subject: { kind: 'Deployment', name: 'web', namespace: 'shop' },
      readable: ['shop', 'team-*'],
      asker: { team: 'T1', user: 'UALICE' },
      replyTo: { team: 'T1', channel: 'COPS', thread: '17.5' },
      askedAt: NOW.toISOString(),
    });
    expect(privately).toBe(false);
    expect(stage.jobs).toEqual([
      {
        job: { questionId: question.id, run: 1, cluster: 'prod', expiresAt: '2026-03-02T10:05:00.000Z' },
        position: 1,
      },
    ]);
  });

  it('means the one namespace that may be asked about', async () => {
    const { question } = await asked('why web-0', act({ channel: 'COUT' }));

    expect(question.subject.namespace).toBe('shop');
  });

  it('in a direct message has defaults of its own', async () => {
    stage.world.place = { kind: 'direct' };
    const { reading } = SETTINGS;
    stage.world.settings = {
      ...SETTINGS,
      channels: [{ id: 'direct', cluster: 'staging', namespace: 'team-a' }],
      reading: { ...reading, rules: [{ channels: ['direct'], namespaces: ['*'] }] },
    };

    const { question } = await asked('why web-0', act({ channel: 'D1' }));

    expect([question.cluster, question.subject.namespace]).toEqual(['staging', 'team-a']);
  });

  it('that is delivered again does nothing more', async () => {
    const doing = act();
    await asked('why web-0', doing);

    const again = await bot.ask(doing, 'why web-0');

    expect(again).toEqual({ kind: 'duplicate' });
    expect(stage.jobs).toHaveLength(1);
  });

  it('waits behind those that its channel asked before', async () => {
    await asked('why web-0');
    await asked('why web-1', act({ channel: 'COUT', user: 'UBOB' }));
    await asked('why web-2');

    expect(stage.jobs.map(({ position }) => position)).toEqual([1, 1, 2]);
  });

  it('is refused for a namespace without a rule', async () => {
    const reply = await bot.ask(act(), 'why web-0 -n payments');

    expect(reply).toEqual({ kind: 'refused', reason: expect.stringContaining('the namespace "payments"') });
    expect(stage.jobs).toEqual([]);
  });

  it.each([
    ['a guest', { person: { guest: true } }, 'Guests of this workspace may not ask'],
    ['a deactivated account', { person: { deactivated: true } }, 'Your account is deactivated'],
    ['somebody of another workspace', { person: { foreign: true } }, 'Only members of this workspace may ask'],
    ['a shared channel', { place: { shared: true } }, 'shared with another organisation'],
  ])('is refused for %s', async (_name, world, reason) => {
    Object.assign(stage.world, world);

    const reply = await bot.ask(act(), 'why web-0');

    expect(reply).toEqual({ kind: 'refused', reason: expect.stringContaining(reason) });
    expect(stage.jobs).toEqual([]);
  });

  it('of somebody who asks too much is refused', async () => {
    for (let index = 0; index < SETTINGS.questionsPerUserPerMinute; index += 1) {
      await asked(`why web-${index}`);
    }

    const reply = await bot.ask(act(), 'why web-9');

    expect(reply).toMatchObject({ kind: 'refused', reason: expect.stringContaining('more than 5 questions') });
  });

  it('about a cluster that does not exist offers the near one', async () => {
    const reply = await bot.ask(act(), 'why web-0 -c prd');

    expect(reply).toMatchObject({
      kind: 'help',
      help: {
        problem: {
          message: 'There is no cluster "prd"; there are prod and staging.',
          suggestions: [{ label: 'web-0 -c prod' }],
        },
      },
    });
  });

  it('must name a cluster when none is usual', async () => {
    const { defaultCluster: _, ...settings } = SETTINGS;
    stage.world.settings = settings;

    const reply = await bot.ask(act(), 'why web-0');

    expect(reply).toMatchObject({
      kind: 'help',
      help: { problem: { message: 'Which cluster? There are prod and staging.' } },
    });
  });

  it('in a channel without the bot is answered to the asker alone', async () => {
    stage.world.place = { member: false };

    const { question, privately } = await asked('why web-0', act({ responseUrl: 'https://hooks.slack.com/x' }));

    expect(privately).toBe(true);
    expect(question.replyTo.responseUrl).toBe('https://hooks.slack.com/x');
  });
});

describe('help', () => {
  it('says what may be asked about here', async () => {
    const reply = await bot.ask(act(), 'help');

    expect(reply).toEqual({
      kind: 'help',
      help: {
        command: '/k8s',
        botName: 'kubewhy',
        version: '1.2.3',
        clusters: ['prod', 'staging'],
        defaultCluster: 'prod',
        defaultNamespace: 'shop',
        namespaces: ['shop', 'team-*'],
      },
    });
  });

  it('offers what was probably meant, and the button asks it', async () => {
    const reply = await bot.ask(act(), 'wyh web-0');
    const [suggestion] = reply.kind === 'help' ? (reply.help.problem?.suggestions ?? []) : [];

    const pressed = await bot.askSuggested(act(), suggestion?.id ?? '');

    expect(suggestion?.label).toBe('web-0');
    expect(pressed).toMatchObject({ kind: 'asked', question: { subject: { name: 'web-0', namespace: 'shop' } } });
  });

  it('knows nothing of a suggestion that was made up', async () => {
    expect(await bot.askSuggested(act(), 's-aaaaaaaaaaaaaaaa')).toMatchObject({ kind: 'refused' });
  });
});

describe('the message shortcut', () => {
  it('asks about the one name in the message', async () => {
    const reply = await bot.askAboutMessage(act(), 'FIRING namespace=team-a pod=api-0');

    expect(reply).toMatchObject({
      kind: 'asked',
      question: { subject: { kind: 'Pod', name: 'api-0', namespace: 'team-a' } },
    });
  });

  it('lets choose between several', async () => {
    const reply = await bot.askAboutMessage(act(), 'db-0 and db-1 are down');

    expect(reply).toMatchObject({
      kind: 'help',
      help: { problem: { suggestions: [{ label: 'db-0' }, { label: 'db-1' }] } },
    });
  });

  it('says that there is no name', async () => {
    const reply = await bot.askAboutMessage(act(), 'everything is down');

    expect(reply).toMatchObject({ kind: 'help', help: { problem: { suggestions: [] } } });
  });
});

describe('the buttons of an answer', () => {
  it('check again in the same message', async () => {
    const question = await answered();

    const reply = await bot.checkAgain(act(), question.id);

    expect(reply).toEqual({ kind: 'done' });
    expect(stage.jobs.at(-1)?.job).toMatchObject({ questionId: question.id, run: 2 });
    expect(stage.deliveries).toMatchObject([
      { kind: 'card', key: question.id, version: 21, content: { kind: 'waiting', why: 'again', run: 2 } },
    ]);
  });

  it('check again once, however many press', async () => {
    const question = await answered();
    await bot.checkAgain(act(), question.id);

    const second = await bot.checkAgain(act({ user: 'UBOB' }), question.id);

    expect(second).toEqual({ kind: 'done', say: 'It is being checked already.' });
    expect(stage.jobs).toHaveLength(2);
  });

  it('show the evidence in the thread once', async () => {
    const question = await answered();
    const first = await bot.showEvidence(act({ thread: '17.5' }), question.id);

    const second = await bot.showEvidence(act({ thread: '17.5' }), question.id);

    expect([first, second]).toEqual([
      { kind: 'done' },
      { kind: 'done', say: 'All evidence is in the thread already.' },
    ]);
    expect(stage.deliveries).toMatchObject([
      { kind: 'file', thread: '17.5', content: { kind: 'evidence', text: expect.stringContaining('oom-limit') } },
    ]);
  });

  it('give the commands to look further', async () => {
    const question = await answered();

    const reply = await bot.kubectlCommands(act(), question.id);

    expect(reply).toMatchObject({
      kind: 'done',
      code: ['kubectl -n shop describe pod web-0'],
    });
  });

  it('keep what somebody says about it', async () => {
    const question = await answered();

    const reply = await bot.giveFeedback(act(), question.id, 'it was the node');

    expect(reply).toMatchObject({ kind: 'done' });
    expect(await stage.deps.questions.feedback()).toMatchObject([
      { question: { id: question.id }, run: 1, by: { user: 'UALICE' }, text: 'it was the node' },
    ]);
  });

  it('do nothing when the same click comes again', async () => {
    const question = await answered();
    const click = act();
    await bot.checkAgain(click, question.id);

    expect(await bot.checkAgain(click, question.id)).toEqual({ kind: 'duplicate' });
  });

  it('are refused to somebody who may not ask', async () => {
    const question = await answered();
    stage.world.person = { guest: true };

    expect(await bot.showEvidence(act({ thread: '1.1' }), question.id)).toMatchObject({ kind: 'refused' });
  });

  it('know nothing of an answer of another workspace', async () => {
    const question = await answered();

    expect(await bot.checkAgain(act({ team: 'T2' }), question.id)).toMatchObject({ kind: 'refused' });
  });
});

describe('when something does not answer', () => {
  it('says that nothing was started, and a new try works', async () => {
    stage.world.queueDown = true;
    const doing = act();
    const down = await bot.ask(doing, 'why web-0');
    stage.world.queueDown = false;

    const again = await bot.ask(doing, 'why web-0');

    expect(down).toMatchObject({ kind: 'unavailable', reason: expect.stringContaining('nothing was started') });
    expect(again).toMatchObject({ kind: 'asked' });
  });

  it('lets nobody ask whom Slack does not know', async () => {
    stage.world.slackDown = true;

    expect(await bot.ask(act(), 'why web-0')).toMatchObject({ kind: 'unavailable' });
  });
});

it('shows the clusters on the home of a person who may ask about them', async () => {
  await stage.deps.clusters.report({ cluster: 'prod', lastSeen: NOW.toISOString(), state: 'reachable' });

  const home = await bot.home('T1', 'UALICE');

  expect(home.clusters.map(({ cluster, state }) => [cluster, state])).toEqual([
    ['prod', 'reachable'],
    ['staging', 'never-seen'],
  ]);
});
