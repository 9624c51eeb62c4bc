import { spawnSync } from 'node:child_process';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER, keepPicture, launchBrowser, type OpenPage, openPage } from './open-page.ts';
import { type RunningTry, removeFolder, runTry } from './run-try.ts';

const REDIS = ['redis-server', 'valkey-server'].some((name) => spawnSync(name, ['--version']).status === 0);
const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };

const INCIDENTS = [
  {
    command: '/k8s why deploy/blog-api -n shop',
    title: 'ConfigMap blog-api-appsettings changed under its subPath mount',
    playbook: 'subpath-stale-bind-mount',
  },
  {
    command: '/k8s why blog-web-5fc78555f8-f4pnz -n shop',
    title: 'something other than the kubelet ends container web with SIGKILL',
    playbook: 'killed-by-signal',
  },
  {
    command: '/k8s why deploy/checkout -n shop',
    title: 'ConfigMap checkout-setings does not exist; checkout-settings does',
    playbook: 'missing-configmap-or-secret',
  },
] as const;

/** The answers in the channel, without what only the asker sees. */
function answers(page: Page): Locator {
  return page.getByRole('main').locator('article:not(.message-ephemeral)');
}

async function type(page: Page, line: string): Promise<void> {
  const field = page.getByRole('main').getByRole('combobox');
  await field.fill(line);
  await field.press('Enter');
}

async function openChannel(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name, exact: true }).click();
  await page.getByRole('main', { name: `#${name}` }).waitFor();
}

describe.skipIf(BROWSER === undefined || !REDIS)('the page of `npm run try`', () => {
  let run: RunningTry;
  let browser: Browser;

  beforeAll(async () => {
    [run, browser] = await Promise.all([runTry(['--port', '0']), launchBrowser()]);
  });

  afterAll(async () => {
    await browser.close();
    await run.end('SIGTERM');
    removeFolder(run);
  });

  async function open(...more: Parameters<typeof openPage> extends [unknown, unknown, ...infer Rest] ? Rest : never) {
    return openPage(browser, run.url, ...more);
  }

  async function expectNoProblems({ page, problems }: OpenPage): Promise<void> {
    expect(problems).toEqual([]);
    await page.context().close();
  }

  it('welcomes a first visitor with three questions, and says that there is no cluster', async () => {
    const opened = await open();
    const { page } = opened;

    const questions = page.getByRole('region', { name: 'Suggested questions' }).getByRole('button');
    await keepPicture(page, 'try-welcome');

    expect({
      questions: await questions.allInnerTexts(),
      banner: await page.locator('.banner').innerText(),
    }).toEqual({
      questions: INCIDENTS.map(({ command }) => command),
      banner: expect.stringContaining('Three recorded incidents, no cluster') as string,
    });
    await expectNoProblems(opened);
  });

  it('answers three incidents, checks again and shows all evidence', async () => {
    const opened = await open();
    const { page } = opened;

    for (const [index, { command, title, playbook }] of INCIDENTS.entries()) {
      await type(page, command);
      const answer = answers(page).nth(index);
      await answer.getByRole('button', { name: 'Check again' }).waitFor();
      const text = await answer.innerText();
      expect({ title: text.includes(title), playbook: text.includes(playbook) }).toEqual({
        title: true,
        playbook: true,
      });
      await keepPicture(page, `try-incident-${index + 1}`);
    }
    const last = answers(page).nth(2);
    await last.getByRole('button', { name: 'Check again' }).click();
    await last.getByText('no. 2').waitFor();
    await last.getByRole('button', { name: 'All evidence' }).click();
    await last.getByRole('button', { name: /1 reply/ }).click();
    const thread = page.getByRole('complementary', { name: 'Thread' });
    await thread.locator('figure').getByText('checkout-setings').first().waitFor();
    await keepPicture(page, 'try-thread');

    const evidence = thread.locator('figure');
    await evidence.getByRole('button', { name: /Show all/ }).click();
    expect(await evidence.locator('pre').innerText()).toContain('configmap "checkout-setings" not found');
    await expectNoProblems(opened);
  });

  it('answers a mention in a thread, where commands do not work', async () => {
    const opened = await open();
    const { page } = opened;
    await openChannel(page, 'shop-alerts');
    await type(page, 'checkout is down, has anybody an idea?');
    const message = answers(page).first();
    await message.hover();
    await message.getByRole('button', { name: 'Reply in thread' }).click();
    const thread = page.getByRole('complementary', { name: 'Thread' });

    await thread.getByRole('combobox').fill('@kubewhy why deploy/checkout -n shop');
    await thread.getByRole('combobox').press('Enter');

    await thread.getByText('checkout-setings').first().waitFor();
    expect(await thread.locator('article').first().innerText()).toContain('checkout is down');
    await expectNoProblems(opened);
  });

  it('asks about a message through its shortcut', async () => {
    const opened = await open();
    const { page } = opened;
    await openChannel(page, 'shop-alerts');
    await type(page, 'FIRING: KubePodNotReady namespace=shop pod=blog-web-5fc78555f8-f4pnz');
    const message = answers(page).filter({ hasText: 'KubePodNotReady' });

    await message.hover();
    await message.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Why? (Kubewhy)' }).click();

    await message
      .getByRole('button', { name: /repl/ })
      .filter({ hasText: /repl(y|ies)/ })
      .click();

    const thread = page.getByRole('complementary', { name: 'Thread' });
    await thread.getByText('something other than the kubelet').first().waitFor();
    expect(await thread.locator('article').first().innerText()).toContain('KubePodNotReady');
    await expectNoProblems(opened);
  });

  it('takes a wrong diagnosis through a modal', async () => {
    const opened = await open();
    const { page } = opened;
    await type(page, INCIDENTS[2].command);
    const answer = answers(page).last();
    await answer.getByText('missing-configmap-or-secret').waitFor();

    await answer.locator('.actions').getByRole('button').last().click();
    await page.getByRole('menuitem', { name: 'Wrong diagnosis' }).click();
    const dialog = page.getByRole('dialog', { name: 'Wrong diagnosis' });
    await dialog.getByRole('textbox').fill('somebody deleted it on purpose');
    await keepPicture(page, 'try-modal');
    await dialog.getByRole('button', { name: 'Send' }).click();

    await dialog.waitFor({ state: 'detached' });
    await expectNoProblems(opened);
  });

  it('can be used with the keyboard alone', async () => {
    const opened = await open();
    const { page } = opened;
    await openChannel(page, 'shop-alerts');
    await page.getByRole('main').getByRole('combobox').focus();
    const before = await answers(page).count();

    await page.keyboard.type('/k8s why deploy/c');
    await page.getByRole('option', { name: INCIDENTS[2].command }).waitFor();
    await keepPicture(page, 'try-completion');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    const answer = answers(page).nth(before);
    await answer.getByRole('button', { name: 'Check again' }).focus();
    for (let step = 0; step < 2; step += 1) {
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    const items = page.getByRole('menuitem');
    await items.first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });

    const focused = await page.evaluate('document.activeElement?.getAttribute("aria-label")');
    expect(focused).toMatch(/More/);
    await expectNoProblems(opened);
  });

  it('says what Slack says of a command that it does not know', async () => {
    const opened = await open();
    const { page } = opened;

    await type(page, '/nothing');
    const notice = page.getByRole('alert').filter({ hasText: '/nothing' });
    await notice.waitFor();

    expect(await notice.innerText()).toContain('/nothing is not a valid command.');
    await page.context().close();
  });

  it('shows the Home of the bot', async () => {
    const opened = await open();
    const { page } = opened;

    await page.getByRole('button', { name: /Home/ }).click();
    await page.getByText('can be asked about').first().waitFor();
    await keepPicture(page, 'try-home');

    expect(await page.getByRole('region', { name: 'Home' }).innerText()).toContain('Kubewhy only reads clusters');
    await expectNoProblems(opened);
  });

  it('shows text of others as text', async () => {
    const opened = await open();
    const { page } = opened;
    await openChannel(page, 'random');
    const hostile = '<script>alert(1)</script> <img src=x onerror=alert(1)> <!channel> &lt;b&gt;';

    await type(page, hostile);

    await answers(page).filter({ hasText: 'onerror' }).waitFor();
    expect({
      text: (await answers(page).last().innerText()).includes(hostile),
      elements: await answers(page).last().locator('script, img, b').count(),
    }).toEqual({ text: true, elements: 0 });
    await expectNoProblems(opened);
  });

  it('fits a phone, in the dark', async () => {
    const opened = await open({ ...PHONE, colorScheme: 'dark' });
    const { page } = opened;
    await type(page, INCIDENTS[2].command);
    await answers(page).last().getByText('missing-configmap-or-secret').waitFor();
    await keepPicture(page, 'try-phone-dark');

    const sizes = await page.evaluate('[document.documentElement.scrollWidth, innerWidth]');
    const ground = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    await page.getByRole('button', { name: 'Channels' }).click();
    await page.getByRole('button', { name: 'random', exact: true }).click();
    await page.getByRole('main', { name: '#random' }).waitFor();

    expect({ sizes, ground }).toEqual({ sizes: [360, 360], ground: 'rgb(26, 29, 33)' });
    await expectNoProblems(opened);
  });

  it('shows an answer on another page that is open', async () => {
    const [watching, asking] = [await open(), await open()];
    await openChannel(watching.page, 'random');
    await openChannel(asking.page, 'random');

    await type(asking.page, 'hello from the other side');

    await answers(watching.page).filter({ hasText: 'hello from the other side' }).waitFor();
    expect(await answers(watching.page).last().innerText()).toContain('Alice Archer');
    await expectNoProblems(watching);
    await expectNoProblems(asking);
  });
});
