import { spawnSync } from 'node:child_process';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BROWSER, keepPicture, launchBrowser, type OpenPage, openPage } from './open-page.ts';
import { type RunningTry, removeFolder, runTry } from './run-try.ts';

const REDIS = ['redis-server', 'valkey-server'].some((name) => spawnSync(name, ['--version']).status === 0);
const QUESTION = '/k8s why deploy/blog-api -n shop';
/** The replacement becomes Ready some seconds after the change. */
const LONG_MS = 90_000;

async function type(page: Page, text: string): Promise<void> {
  await page.getByRole('main').getByRole('combobox').fill(text);
  await page.keyboard.press('Enter');
}

/** The newest message of a change, in the channel. */
function change(page: Page): Locator {
  return page.getByRole('main').locator('article').filter({ hasText: 'delete pod shop/blog-api' }).last();
}

describe.skipIf(BROWSER === undefined || !REDIS)('changes in `npm run try`', () => {
  let run: RunningTry;
  let browser: Browser;
  let asks: OpenPage;
  let approves: OpenPage;

  beforeAll(async () => {
    [run, browser] = await Promise.all([runTry(['--port', '0']), launchBrowser()]);
    asks = await openPage(browser, run.url);
    approves = await openPage(browser, `${run.url}/?as=bob`);
  });

  afterAll(async () => {
    await browser.close();
    await run.end('SIGTERM');
    removeFolder(run);
  });

  it('are asked for in one window and approved in that of a colleague', { timeout: LONG_MS }, async () => {
    await type(asks.page, QUESTION);
    await asks.page.getByRole('button', { name: 'Review the fix' }).first().click();
    await change(approves.page).getByRole('button', { name: 'Approve' }).waitFor();
    await keepPicture(approves.page, 'change-proposed');

    await change(approves.page).getByRole('button', { name: 'Approve' }).click();
    const dialog = approves.page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Approve and run' }).waitFor();
    await keepPicture(approves.page, 'change-approval');
    await dialog.getByRole('button', { name: 'Approve and run' }).click();
    const done = asks.page.getByRole('main').locator('article').filter({ hasText: 'Fixed:' }).last();
    await done.waitFor({ timeout: LONG_MS });
    await keepPicture(asks.page, 'change-fixed');

    expect(await done.innerText()).toContain('is Ready');
    expect([...asks.problems, ...approves.problems]).toEqual([]);
  });
});
