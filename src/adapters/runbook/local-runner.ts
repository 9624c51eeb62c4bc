import { execFile } from 'node:child_process';
import { allowedEffect } from '../../core/ceph/allowed-command.ts';
import { NOT_RUN } from '../../core/ceph/command.ts';
import type { RunbookOutput, RunbookRunner, RunbookStep } from '../../ports/runbook-runner.ts';

/** How `rbd` and `ceph` are run on this machine. */
export interface LocalRunnerSettings {
  /** Paths of the programs; default: their names, looked up in `path`. */
  readonly rbd?: string;
  readonly ceph?: string;
  /** `ceph.conf`; default: where Ceph looks for it. */
  readonly conf?: string;
  /** The identity without `client.`; default `admin`, which is more than runbook steps need. */
  readonly id?: string;
  readonly keyring?: string;
  /** Where programs are looked up; nothing else of the environment is passed on. */
  readonly path?: string;
  /** Default 30 s. */
  readonly timeoutMs?: number;
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const TIMEOUT_MS = 30_000;
const MOST_BYTES = 256 * 1024;

/** Runs the programs of this machine, without a shell. */
export function localRunner(settings: LocalRunnerSettings = {}): RunbookRunner {
  return {
    place: `this machine${settings.conf === undefined ? '' : ` with ${settings.conf}`}`,
    run: async (step) =>
      allowedEffect(step) === undefined
        ? notRun(`${step.tool} with these arguments is not among the commands that Kubewhy runs`)
        : runProgram(step, settings),
  };
}

function runProgram(step: RunbookStep, settings: LocalRunnerSettings): Promise<RunbookOutput> {
  const { timeoutMs = TIMEOUT_MS, path = PATH } = settings;
  const program = settings[step.tool] ?? step.tool;
  return new Promise((resolve) => {
    execFile(
      program,
      [...identity(settings), ...step.args],
      {
        timeout: timeoutMs,
        killSignal: 'SIGKILL',
        maxBuffer: MOST_BYTES,
        encoding: 'utf8',
        // Settings of Ceph in the environment would change what the arguments mean.
        env: { PATH: path, LANG: 'C.UTF-8' },
        cwd: '/',
      },
      (error, stdout, stderr) =>
        resolve(outputOf(error, { stdout, stderr }, `${program} did not end within ${timeoutMs / 1000} s`)),
    );
  });
}

function identity({ conf, id, keyring }: LocalRunnerSettings): readonly string[] {
  return [
    ...(conf === undefined ? [] : ['--conf', conf]),
    ...(id === undefined ? [] : ['--id', id]),
    ...(keyring === undefined ? [] : ['--keyring', keyring]),
  ];
}

/** What `execFile` says of a failure. */
interface ExecFailure {
  /** An exit code, or the system's word why it did not start. */
  readonly code?: string | number | null | undefined;
  readonly killed?: boolean | undefined;
  readonly signal?: string | null | undefined;
}

function outputOf(
  error: ExecFailure | null,
  said: { readonly stdout: string; readonly stderr: string },
  late: string,
): RunbookOutput {
  if (error === null) {
    return { kind: 'ended', exitCode: 0, ...said };
  }
  if (typeof error.code === 'number') {
    return { kind: 'ended', exitCode: error.code, ...said };
  }
  if (error.code === 'ENOENT' || error.code === 'EACCES') {
    return notRun(`the program could not be started (${error.code})`);
  }
  const tooMuch = error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER';
  return {
    kind: 'unknown',
    message: tooMuch ? 'it printed more than expected' : error.killed === true ? late : endedWords(error),
  };
}

/** Never the command line that Node quotes: it names the keyring. */
function endedWords({ code, signal }: ExecFailure): string {
  return typeof signal === 'string' ? `it was ended by ${signal}` : `it did not run to its end (${code ?? 'unknown'})`;
}

function notRun(why: string): RunbookOutput {
  return { kind: 'ended', exitCode: NOT_RUN, stdout: '', stderr: why };
}
