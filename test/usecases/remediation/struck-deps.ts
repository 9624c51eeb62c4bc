import { KubewhyError } from '../../../src/core/errors/kubewhy-error.ts';
import type { ExecutorDeps } from '../../../src/usecases/remediation/remediation-deps.ts';

/** What befalls an executor. */
export type Blow =
  /** Killed before or after a call was made. */
  | 'dies-before'
  | 'dies-after'
  /** Stopped for longer than its lease before or after a call; it goes on afterwards as if nothing had happened. */
  | 'freezes-before'
  | 'freezes-after'
  /** Redis does not answer, and did not or did what it was asked. */
  | 'fails-before'
  | 'fails-after';

export const BLOWS: readonly Blow[] = [
  'dies-before',
  'dies-after',
  'freezes-before',
  'freezes-after',
  'fails-before',
  'fails-after',
];

/** When it happens, and what happens meanwhile. */
export interface Stroke {
  /** The number of the call; 0: nothing happens. */
  readonly at: number;
  readonly blow: Blow;
  /** Calls in a row that fail. */
  readonly times: number;
  readonly meanwhile: () => Promise<void>;
}

/** Stands for the end of a process: nothing that it does afterwards is done. */
export class Died extends Error {}

/** Ports of an executor that is struck at one of its calls. */
export class StruckDeps {
  calls = 0;
  readonly deps: ExecutorDeps;
  readonly #stroke: Stroke;
  #dead = false;

  constructor(deps: ExecutorDeps, stroke: Stroke) {
    this.#stroke = stroke;
    this.deps = {
      ...deps,
      store: this.#wrap(deps.store, true),
      audit: this.#wrap(deps.audit, true),
      outbox: this.#wrap(deps.outbox, true),
      questions: this.#wrap(deps.questions, true),
      diagnoses: this.#wrap(deps.diagnoses, false),
      people: this.#wrap(deps.people, false),
      writer: this.#wrap(deps.writer, false),
      openReader: () => this.#call(async () => this.#wrap(await deps.openReader(), false), false),
      openPlainReader: () => this.#call(async () => this.#wrap(await deps.openPlainReader(), false), false),
      pause: (ms) => this.#call(() => deps.pause(ms), false),
    };
  }

  #wrap<T extends object>(target: T, ofStore: boolean): T {
    return new Proxy(target, {
      get: (object, name): unknown => {
        const member: unknown = Reflect.get(object, name, object);
        if (typeof member !== 'function' || name === 'serverTime' || name === 'requestCount') {
          return typeof member === 'function' ? member.bind(object) : member;
        }
        return (...given: readonly unknown[]) =>
          this.#call(async () => Reflect.apply(member, object, given) as unknown, ofStore);
      },
    });
  }

  async #call<T>(perform: () => Promise<T>, ofStore: boolean): Promise<T> {
    this.calls += 1;
    if (this.#dead) {
      throw new Died();
    }
    return this.#isStruck(this.calls) ? this.#strike(perform, ofStore) : perform();
  }

  #isStruck(call: number): boolean {
    const { at, blow, times } = this.#stroke;
    return at > 0 && call >= at && call < at + (blow.startsWith('fails') ? times : 1);
  }

  async #strike<T>(perform: () => Promise<T>, ofStore: boolean): Promise<T> {
    const { blow, meanwhile } = this.#stroke;
    if (blow === 'freezes-before') {
      await meanwhile();
    }
    const fails = blow.startsWith('dies') || (blow.startsWith('fails') && ofStore);
    if (fails && blow.endsWith('before')) {
      return this.#fail(blow);
    }
    const result = await perform();
    if (blow === 'freezes-after') {
      await meanwhile();
    }
    return fails ? this.#fail(blow) : result;
  }

  #fail(blow: Blow): never {
    if (blow.startsWith('fails')) {
      throw new KubewhyError('STORE_UNAVAILABLE', { message: 'Redis does not answer.' });
    }
    this.#dead = true;
    throw new Died();
  }
}
