import { spawnSync } from 'node:child_process';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER, keepPicture, launchBrowser, type OpenPage, openPage } from './open-page.ts';
import { type RunningTry, removeFolder, runTry } from './run-try.ts';

const REDIS = ['redis-server', 'valkey-server'].some((name) => spawnSync(name, ['--version']).status === 0);
const OUTAGE = 'Alerts of the blog outage';
const STORM = 'Alert storm: 2,000 alerts of a mass start';
const CAUSE = 'ConfigMap blog-api-appsettings changed under its subPath mount';
/** The storm is sent for 20 seconds, and a loaded machine takes its time for the rest. */
const LONG_MS = 90_000;

function stage(page: Page): Locator {
  return page.getByRole('region', { name: 'Send alerts' });
}

/** The messages of the bot in the channel, without their threads. */
function parents(page: Page): Locator {
  return page.getByRole('main').locator('article');
}

function thread(page: Page): Locator {
  return page.getByRole('complementary', { name: 'Thread' });
}

async function choose(page: Page, label: string): Promise<void> {
  await stage(page).getByRole('button', { name: label }).click();
  await page.getByRole('main', { name: '#shop-alerts' }).waitFor();
}

/** The lines of a message that are not empty, after those about its author. */
async function firstLine(message: Locator): Promise<string> {
  const lines = (await message.innerText()).split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '')[3] ?? '';
}

describe.skipIf(BROWSER === undefined || !REDIS)('alerts in `npm run try`', () => {
  let run: RunningTry;
  let browser: Browser;
  let opened: OpenPage;

  beforeAll(async () => {
    [run, browser] = await Promise.all([runTry(['--port', '0']), launchBrowser()]);
    opened = await openPage(browser, run.url);
  });

  afterAll(async () => {
    await browser.close();
    await run.end('SIGTERM');
    removeFolder(run);
  });

  it('become one message whose first line names the cause, with the answer in its thread', async () => {
    const { page } = opened;

    await choose(page, OUTAGE);
    await parents(page).filter({ hasText: CAUSE }).waitFor();
    await keepPicture(page, 'alerts-incident');
    await parents(page)
      .getByRole('button', { name: /\d+ repl/ })
      .click();
    await thread(page).getByRole('button', { name: 'Check again' }).waitFor();
    const details = thread(page).locator('article').filter({ hasText: 'What else is known' });
    await details.getByText('Deployment shop/i-web').first().waitFor();
    await keepPicture(page, 'alerts-thread');

    expect({
      parents: await parents(page).count(),
      first: await firstLine(parents(page).first()),
      explained: await details.innerText(),
      answers: await thread(page).getByRole('button', { name: 'Check again' }).count(),
    }).toEqual({
      parents: 1,
      first: expect.stringContaining(CAUSE) as string,
      explained: expect.stringMatching(
        /explains 2 objects: .*Deployment shop\/i-web: the liveness probe of/s,
      ) as string,
      answers: 1,
    });
  });

  it('stay the same when they are sent once more', async () => {
    const { page } = opened;

    await choose(page, OUTAGE);
    await stage(page).getByText('6 alerts were sent again').waitFor();

    expect(await parents(page).count()).toBe(1);
  });

  it('are acknowledged and resolved in place', async () => {
    const { page } = opened;
    const parent = parents(page).first();

    await parent.getByRole('button', { name: 'Acknowledge' }).click();
    await parent.getByText('Acknowledged by').waitFor();
    await keepPicture(page, 'alerts-acknowledged');
    await choose(page, 'Resolve them');
    await parent.getByText('Every alert was resolved.').waitFor();
    await thread(page).getByText('All 6 alerts are resolved.').waitFor();
    await keepPicture(page, 'alerts-resolved');

    expect({ parents: await parents(page).count(), first: await firstLine(parent) }).toEqual({
      parents: 1,
      first: expect.stringMatching(/^Resolved: .*blog-api/) as string,
    });
  });

  it(
    'that come as a storm make a few messages, and the first line names the cause',
    async () => {
      const { page } = opened;
      await thread(page).getByRole('button', { name: 'Close the thread' }).click();
      const before = await parents(page).count();

      await choose(page, STORM);
      const incident = parents(page).filter({ hasText: 'for the iptables lock' });
      await incident.waitFor({ timeout: LONG_MS });
      await stage(page).getByRole('progressbar').waitFor();
      await keepPicture(page, 'alerts-storm-begins');
      await stage(page).getByText('2,000 alerts were sent.').waitFor({ timeout: LONG_MS });
      await incident.getByText('[2,000 firing]').waitFor({ timeout: LONG_MS });
      await keepPicture(page, 'alerts-storm');

      expect({
        few: (await parents(page).count()) - before <= 3,
        first: await firstLine(incident),
        problems: opened.problems,
      }).toEqual({ few: true, first: expect.stringContaining('36 nodes') as string, problems: [] });
    },
    3 * LONG_MS,
  );

  it('never show the token of the bot', async () => {
    const state = await (await fetch(`${run.url}/page-api/state`)).text();
    const token = /KUBEWHY_ALERT_TOKEN=(\w+)/.exec(run.printed())?.[1] ?? '';

    expect({ printed: token.length, shown: state.includes(token) }).toEqual({ printed: 48, shown: false });
  });
});
