import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const ROOT = join(import.meta.dirname, '../..');
const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const SCREENSHOTS = join(ROOT, 'docs', 'screenshots');
const DESKTOP = { viewport: { width: 1280, height: 860 } };

/** A browser on this machine; undefined when there is none. */
export const BROWSER = PROGRAMS.find((path) => existsSync(path));

/** Starts it; as root it runs without its sandbox. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: BROWSER ?? '',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
}

/** A page as somebody sees it for the first time, and everything that went wrong in it. */
export interface OpenPage {
  readonly page: Page;
  /** Errors, warnings of the browser, and requests that left this machine. */
  readonly problems: readonly string[];
}

/** Opens the address in a new session. */
export async function openPage(browser: Browser, url: string, more: BrowserContextOptions = {}): Promise<OpenPage> {
  const context = await browser.newContext({ ...DESKTOP, reducedMotion: 'reduce', locale: 'en-GB', ...more });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) {
      problems.push(message.text());
    }
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(new URL(url).origin) && !request.url().startsWith('data:')) {
      problems.push(`left this machine: ${request.url()}`);
    }
  });
  await page.goto(url);
  await page.getByRole('main').waitFor();
  return { page, problems };
}

/** Keeps a picture in docs when KUBEWHY_SCREENSHOTS is set. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  if ((process.env['KUBEWHY_SCREENSHOTS'] ?? '') === '') {
    return;
  }
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), animations: 'disabled' });
}
