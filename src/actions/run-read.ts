import { type ImageName, type RunbookRead, readCommand } from '../core/ceph/command.ts';
import { oneLine, shorten } from '../core/facts/text.ts';
import type { RunbookOutput, RunbookStep } from '../ports/runbook-runner.ts';

/** What a runbook step printed, or why it says nothing. */
export type ReadOutput =
  | { readonly kind: 'said'; readonly text: string }
  /** The pool or the image does not exist. */
  | { readonly kind: 'missing'; readonly message: string }
  | { readonly kind: 'unreadable'; readonly message: string };

type Run = (step: RunbookStep) => Promise<RunbookOutput>;

const ENOENT = 2;
/** `ceph` does not know the command. */
const EINVAL = 22;
const LONGEST_QUOTE = 300;

/** Runs a step that only reads. Ceph before Pacific knows the blocklist by another name. */
export async function runRead(run: Run, read: RunbookRead, image: Partial<ImageName> = {}): Promise<ReadOutput> {
  const command = readCommand(read, image);
  if (command === undefined) {
    return { kind: 'unreadable', message: 'the name of the pool or of the image is none that Kubewhy passes on' };
  }
  const output = await run(command);
  const isOlder = read === 'ceph-blocklist' && output.kind === 'ended' && output.exitCode === EINVAL;
  return meaning(isOlder ? await run({ tool: 'ceph', args: ['osd', 'blacklist', 'ls'] }) : output, command);
}

function meaning(output: RunbookOutput, { tool, args }: RunbookStep): ReadOutput {
  if (output.kind === 'unknown') {
    return { kind: 'unreadable', message: said(output.message) };
  }
  if (output.exitCode === 0) {
    return { kind: 'said', text: output.stdout };
  }
  const message = said(output.stderr);
  const isMissing = tool === 'rbd' && output.exitCode === ENOENT;
  return isMissing
    ? { kind: 'missing', message }
    : { kind: 'unreadable', message: `${tool} ${args[0] ?? ''} ended with ${output.exitCode}: ${message}` };
}

/** The last words: what Ceph's libraries log comes before them. */
function said(text: string): string {
  return shorten(oneLine(text.trim().split('\n').at(-1) ?? ''), LONGEST_QUOTE);
}
