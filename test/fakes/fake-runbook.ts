import { allowedEffect } from '../../src/core/ceph/allowed-command.ts';
import type { RunbookOutput, RunbookRunner, RunbookStep } from '../../src/ports/runbook-runner.ts';

/** What a fake Ceph holds about its one image. */
export interface FakeImage {
  locks: readonly { readonly id: string; readonly locker: string; readonly address: string }[];
  watchers: readonly { readonly address: string; readonly client: number; readonly cookie: number }[];
  info: Readonly<Record<string, unknown>>;
  blocklist: readonly string[];
}

/** Answers as `rbd` and `ceph` do for one image; remembers what was run. */
export class FakeRunbook implements RunbookRunner {
  readonly place = 'a fake';
  readonly steps: RunbookStep[] = [];
  readonly image: FakeImage;
  /** Answers instead, by the first words of a command: `rbd status`. */
  readonly instead = new Map<string, RunbookOutput>();

  constructor(image: Partial<FakeImage> = {}) {
    this.image = { locks: [], watchers: [], info: { id: '1013bce7569b' }, blocklist: [], ...image };
  }

  async run(step: RunbookStep): Promise<RunbookOutput> {
    this.steps.push(step);
    const words = [step.tool, ...step.args].join(' ');
    const instead = [...this.instead].find(([begin]) => words.startsWith(begin));
    if (allowedEffect(step) === undefined) {
      return { kind: 'ended', exitCode: 126, stdout: '', stderr: 'not on the list' };
    }
    return instead?.[1] ?? this.#answer(words, step);
  }

  #answer(words: string, { args }: RunbookStep): RunbookOutput {
    const { locks, watchers, info, blocklist } = this.image;
    if (words.startsWith('rbd lock ls')) {
      return ended(JSON.stringify(locks));
    }
    if (words.startsWith('rbd lock rm')) {
      return this.#remove(args[3] ?? '', args[4] ?? '');
    }
    if (words.startsWith('rbd status')) {
      return ended(JSON.stringify({ watchers }));
    }
    return ended(words.startsWith('rbd info') ? JSON.stringify(info) : `${blocklist.join('\n')}\n`);
  }

  #remove(id: string, locker: string): RunbookOutput {
    const before = this.image.locks;
    this.image.locks = before.filter((lock) => lock.id !== id || lock.locker !== locker);
    return this.image.locks.length < before.length
      ? ended('')
      : {
          kind: 'ended',
          exitCode: 2,
          stdout: '',
          stderr: 'rbd: releasing lock failed: (2) No such file or directory\n',
        };
  }
}

function ended(stdout: string): RunbookOutput {
  return { kind: 'ended', exitCode: 0, stdout, stderr: '' };
}
