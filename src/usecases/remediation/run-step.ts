import { oneLine, printable, shellWords, shorten } from '../../core/facts/text.ts';
import { redactText } from '../../core/redaction/redact.ts';
import type { StepResult } from '../../core/remediation/remediation.ts';
import type { RunbookOutput, RunbookRunner, RunbookStep } from '../../ports/runbook-runner.ts';
import { type ExecutorDeps, monotonicOf } from './remediation-deps.ts';

const LONGEST_COMMAND = 300;
const LONGEST_OUTPUT = 2000;

/** Runs a command and hands over what it did before anything else happens. */
export function runbookRecorder(
  runner: RunbookRunner,
  deps: StepClock,
  record: (step: StepResult) => Promise<void>,
): (step: RunbookStep) => Promise<RunbookOutput> {
  return async (step) => {
    const ended = beginStep(commandText(step), deps);
    const output = await runner.run(step);
    const ok = output.kind === 'ended' && output.exitCode === 0;
    await record(ended({ ok, output: outputText(output) }));
    return output;
  };
}

/** `rbd lock ls rbd/image`, as a person would type it. */
export function commandText({ tool, args }: RunbookStep): string {
  return shorten(oneLine(redactText(shellWords([tool, ...args]))), LONGEST_COMMAND);
}

/** What a command said, without secrets. */
export function outputText(output: RunbookOutput): string {
  if (output.kind === 'unknown') {
    return stepText(`no result: ${output.message}`);
  }
  const { exitCode, stdout, stderr } = output;
  const code = exitCode === 0 ? '' : `exit code ${exitCode}\n`;
  return stepText(`${code}${[stdout.trim(), stderr.trim()].filter((part) => part !== '').join('\n')}`);
}

/** Text of a step as it is stored: printable, without secrets, not too long. */
function stepText(text: string): string {
  return shorten(printable(redactText(text.slice(0, LONGEST_OUTPUT * 4))), LONGEST_OUTPUT);
}

type StepClock = Pick<ExecutorDeps, 'clock' | 'monotonic'>;

/** Begins a step; what it returns ends it. */
export function beginStep(what: string, deps: StepClock): (result: Pick<StepResult, 'ok' | 'output'>) => StepResult {
  const at = deps.clock.now().toISOString();
  const startedAt = monotonicOf(deps);
  return (result) => ({ what, at, tookMs: Math.max(0, Math.round(monotonicOf(deps) - startedAt)), ...result });
}
