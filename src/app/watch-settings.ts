import { createHash } from 'node:crypto';
import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { isKubewhyError } from '../core/errors/kubewhy-error.ts';
import type { Logger } from '../ports/logger.ts';
import { loadSettings } from './load-settings.ts';

/** What is told, and how eagerly the file is looked at. */
export interface WatchOptions {
  readonly logger: Logger;
  /** Called with settings that are valid and differ from those before. */
  readonly changed: (settings: Settings) => void;
  /** How long a change must have settled; default 200 ms. */
  readonly settleMs?: number;
  /** How often the file is looked at even if the file system reports nothing; default 5 s. */
  readonly pollMs?: number;
}

/** Ends the watching; a reload that is running is waited for. */
export interface SettingsWatch {
  stop(): Promise<void>;
}

const DEFAULTS = { settleMs: 200, pollMs: 5000 } as const;

/**
 * Watches a settings file. The last good settings stay in force while the file is wrong, and the log names every
 * problem once. The folder is watched, because editors replace files and Kubernetes swaps the link of a ConfigMap;
 * the file's content is compared as well, because not every file system reports changes.
 */
export async function watchSettings(file: string, options: WatchOptions): Promise<SettingsWatch> {
  const watching = new Watching(resolve(file), options);
  await watching.start();
  return watching;
}

class Watching implements SettingsWatch {
  readonly #file: string;
  readonly #options: Required<WatchOptions>;
  readonly #stopping = new AbortController();
  #digest = '';
  #settings = '';
  #timer: NodeJS.Timeout | undefined;
  #poll: NodeJS.Timeout | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(file: string, options: WatchOptions) {
    this.#file = file;
    this.#options = { ...DEFAULTS, ...options };
  }

  /** What the file says now counts as known. */
  async start(): Promise<void> {
    this.#digest = await this.#readDigest();
    this.#settings = await loadSettings(this.#file).then(JSON.stringify, () => '');
    this.#poll = setInterval(() => void this.#notice(), this.#options.pollMs).unref();
    this.#watchFolder();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    clearInterval(this.#poll);
    await this.#work;
  }

  #watchFolder(): void {
    try {
      const watcher = watch(dirname(this.#file), { signal: this.#stopping.signal, persistent: false });
      // Other files of the folder may change all the time, and a change would never settle.
      watcher.on('change', (_event, name) => this.#concerns(name) && this.#soon());
      // Watches run out on busy machines; the poll goes on.
      watcher.on('error', (error) => this.#options.logger.debug('settings folder is not watched', { error }));
    } catch (error) {
      this.#options.logger.debug('settings folder is not watched', { error });
    }
  }

  /** The links of a ConfigMap begin with two dots; not every system tells a name. */
  #concerns(name: string | Buffer | null): boolean {
    const changed = name === null ? '' : String(name);
    return changed === '' || changed === basename(this.#file) || changed.startsWith('..');
  }

  /** A file that is being written is not read in the middle. */
  async #notice(): Promise<void> {
    if ((await this.#readDigest()) !== this.#digest && !this.#stopping.signal.aborted) {
      this.#soon();
    }
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), this.#options.settleMs).unref();
  }

  /** One look after the other. */
  #look(): void {
    this.#work = this.#work.then(() => this.#reload());
  }

  async #reload(): Promise<void> {
    const digest = await this.#readDigest();
    if (digest === this.#digest || this.#stopping.signal.aborted) {
      return;
    }
    this.#digest = digest;
    try {
      this.#accept(await loadSettings(this.#file));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const fields = isKubewhyError(error) ? { file: this.#file, problems: message } : { file: this.#file, error };
      this.#options.logger.warn('settings are not valid; the last good ones stay in force', fields);
    }
  }

  #accept(settings: Settings): void {
    const text = JSON.stringify(settings);
    if (text === this.#settings) {
      this.#options.logger.info('settings are valid; they say what is in force', { file: this.#file });
      return;
    }
    this.#settings = text;
    this.#options.logger.info('settings reloaded', { file: this.#file });
    this.#options.changed(settings);
  }

  /** Stands for the content; a file that cannot be read has one as well. */
  async #readDigest(): Promise<string> {
    try {
      return createHash('sha256')
        .update(await readFile(this.#file))
        .digest('hex');
    } catch (error) {
      return error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    }
  }
}
