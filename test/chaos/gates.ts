import type { ChaosBot } from './chaos-bot.ts';

/** Something that passes between a bot and what is around it. */
export interface Passing {
  readonly wire: 'redis' | 'api' | 'slack';
  /** Undefined where it cannot be told. */
  readonly bot: ChaosBot | undefined;
  /** The digest of the script of Redis, the command, the method of Slack, or `GET`, `DELETE`, `DELETE dry`. */
  readonly what: string;
  includes(text: string): boolean;
  /** All of it. */
  text(): string;
}

/** Whom it is about. */
export interface Subject {
  readonly namespace: string;
  /** Ids of questions and remediations, as far as they are known. */
  readonly ids: ReadonlySet<string>;
}

/** Holds up the first thing that fits, until the fault is there. */
export interface Gate {
  readonly subject: Subject;
  /** Held before it arrives, or its answer held after it had its effect. */
  readonly phase: 'before' | 'after';
  fits(passing: Passing): boolean;
  /** Resolves when it may go on; where it cannot be held for longer than `holdMs`, a fault that comes later did not meet it. */
  reached(bot: ChaosBot | undefined, holdMs?: number): Promise<void>;
}

/** The gates that are armed, and who looks at everything that passes. */
export class Gates {
  private armed: Gate[] = [];
  private observers: ((passing: Passing) => void)[] = [];

  arm(gate: Gate): void {
    this.armed.push(gate);
  }

  disarm(): void {
    this.armed = [];
  }

  observe(observer: (passing: Passing) => void): void {
    this.observers.push(observer);
  }

  forget(): void {
    this.observers = [];
  }

  /** Whether anybody wants to see what passes. */
  get isIdle(): boolean {
    return this.armed.length === 0 && this.observers.length === 0;
  }

  /** The gate that this reaches, which is open for everything else from now on. */
  take(passing: Passing): Gate | undefined {
    this.observers.forEach((observer) => observer(passing));
    return this.takeIn(undefined, passing);
  }

  /** The same for gates of one phase only, unobserved. */
  takeIn(phase: Gate['phase'] | undefined, passing: Passing): Gate | undefined {
    const gate = this.armed.find((one) => (phase === undefined || one.phase === phase) && one.fits(passing));
    if (gate !== undefined) {
      this.armed = this.armed.filter((one) => one !== gate);
    }
    return gate;
  }
}

/** Whether something that passes is about that subject. */
export function isAbout(passing: Passing, { namespace, ids }: Subject): boolean {
  return passing.includes(namespace) || [...ids].some((id) => passing.includes(id));
}
