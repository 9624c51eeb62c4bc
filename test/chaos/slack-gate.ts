import type { FaultRule } from '../../src/sim/slack/faults.ts';
import type { SlackSim } from '../../src/sim/slack/slack-sim-types.ts';
import type { Gates, Passing } from './gates.ts';

/** A call that waits for the fault waits for so long, since Slack cannot be held for as long as one likes. */
const SLACK_HOLD_MS = 900;

/** Holds calls to Slack at the gates, and makes them fail. */
export class SlackGate {
  private readonly slack: SlackSim;
  private readonly gates: Gates;

  constructor(slack: SlackSim, gates: Gates) {
    this.slack = slack;
    this.gates = gates;
  }

  /** Looks at every call from now on. The call itself cannot be asked twice, so each phase has a rule of its own. */
  arm(): void {
    this.slack.faults.clear();
    this.slack.faults.add(this.rule('before'));
    this.slack.faults.add(this.rule('after'));
  }

  /** From now on calls that fit fail in this way; `undefined` lets a call pass. */
  fail(rules: readonly FaultRule[]): void {
    rules.forEach((rule) => this.slack.faults.add(rule));
  }

  /** Everything works again, and what hangs goes on. */
  heal(): void {
    this.arm();
    this.slack.faults.release();
  }

  private rule(phase: 'before' | 'after'): FaultRule {
    return {
      method: '*',
      times: Number.POSITIVE_INFINITY,
      fault: phase === 'before' ? { kind: 'slow', milliseconds: SLACK_HOLD_MS } : { kind: 'hang', accepted: true },
      when: ({ method, args }) => {
        if (this.gates.isIdle) {
          return false;
        }
        const text = JSON.stringify(args);
        const passing: Passing = {
          wire: 'slack',
          bot: undefined,
          what: method,
          includes: (part) => text.includes(part),
          text: () => text,
        };
        const gate = this.gates.takeIn(phase, passing);
        if (gate === undefined) {
          return false;
        }
        const holdMs = phase === 'before' ? SLACK_HOLD_MS : undefined;
        void gate.reached(undefined, holdMs).then(() => this.slack.faults.release());
        return true;
      },
    };
  }
}
