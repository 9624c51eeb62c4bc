/** What goes wrong with a call. "Before" means that Slack did not carry it out, "after" that it did. */
export type Fault =
  /** The connection is reset before the call is carried out. */
  | { readonly kind: 'reset-before-accept' }
  /** The call is carried out, then the connection is reset. */
  | { readonly kind: 'drop-after-accept' }
  /** No answer until {@link FaultScripts.release} or the end; `accepted` calls are carried out. */
  | { readonly kind: 'hang'; readonly accepted?: boolean }
  /** Answers later than usual, in milliseconds of real time. */
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** An HTML page with status 500, or another one. */
  | { readonly kind: 'http-error'; readonly status?: number }
  /** 429 with `Retry-After`. */
  | { readonly kind: 'rate-limited'; readonly retryAfter: number }
  /** `{ok: false, error}`, such as `message_not_found` or `not_in_channel`. */
  | { readonly kind: 'error'; readonly error: string }
  /** `invalid_blocks` for messages and views that hold one of these block types, as in a phased rollout. */
  | { readonly kind: 'invalid-blocks'; readonly types: readonly string[] };

/** A call as a fault sees it. */
export interface FaultedCall {
  readonly method: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** When a fault is played: for which method (`*` for all; also `response_url`, `upload`), how often, for which calls. */
export interface FaultRule {
  readonly method: string;
  readonly fault: Fault;
  /** Once when left out; `Infinity` until {@link FaultScripts.clear}. */
  readonly times?: number;
  readonly when?: (call: FaultedCall) => boolean;
}

interface Armed {
  readonly rule: FaultRule;
  left: number;
}

/** The faults that wait to be played, and the calls that hang. */
export class FaultScripts {
  private armed: Armed[] = [];
  private hanging: (() => void)[] = [];

  /** Rules are tried in the order in which they were added. */
  add(rule: FaultRule): void {
    this.armed.push({ rule, left: rule.times ?? 1 });
  }

  /** Forgets all faults; what hangs keeps hanging. */
  clear(): void {
    this.armed = [];
  }

  /** Lets everything that hangs go on. */
  release(): void {
    const waiting = this.hanging;
    this.hanging = [];
    for (const resume of waiting) {
      resume();
    }
  }

  /** How many calls hang. */
  get hangingCount(): number {
    return this.hanging.length;
  }

  /** The fault for this call; it counts as played. */
  take(call: FaultedCall): Fault | undefined {
    const match = this.armed.find(({ rule, left }) => left > 0 && fits(rule, call));
    if (match === undefined) {
      return undefined;
    }
    match.left -= 1;
    return match.rule.fault;
  }

  /** Resolves at the next {@link release}. */
  hang(): Promise<void> {
    return new Promise((resolve) => {
      this.hanging.push(resolve);
    });
  }
}

function fits(rule: FaultRule, call: FaultedCall): boolean {
  if (rule.method !== '*' && rule.method !== call.method) {
    return false;
  }
  if (rule.fault.kind === 'invalid-blocks' && !holdsBlock(call.args, rule.fault.types)) {
    return false;
  }
  return rule.when?.(call) ?? true;
}

function holdsBlock(args: Readonly<Record<string, unknown>>, types: readonly string[]): boolean {
  const json = JSON.stringify([args['blocks'], args['view']]);
  return types.some((type) => json.includes(`"type":"${type}"`));
}
