import type { Config } from '../config/config.ts';
import type { CommandContext, RunCommand, Surroundings } from './context.ts';
import { EXIT, exitCodeOfError } from './exit-codes.ts';
import { type CommandLine, parseCommandLine } from './parse-arguments.ts';
import { errorText } from './report-error.ts';

/** Each command in a file of its own, loaded when it is needed. */
const RUNNERS: Readonly<Record<string, () => Promise<RunCommand>>> = {
  why: async () => (await import('./why.ts')).runWhy,
  try: async () => (await import('./try.ts')).runTry,
  record: async () => (await import('./record.ts')).runRecord,
  alert: async () => (await import('./alert.ts')).runAlert,
  serve: async () => (await import('./serve.ts')).runServe,
  doctor: async () => (await import('./doctor.ts')).runDoctorCommand,
  'playbook list': async () => (await import('./playbook.ts')).runPlaybookList,
  'playbook explain': async () => (await import('./playbook.ts')).runPlaybookExplain,
  'playbook lint': async () => (await import('./playbook.ts')).runPlaybookLint,
  'playbook test': async () => (await import('./playbook-test.ts')).runPlaybookTest,
  'playbook schema': async () => (await import('./playbook.ts')).runPlaybookSchema,
  feedback: async () => (await import('./feedback.ts')).runFeedback,
  'audit verify': async () => (await import('./audit.ts')).runAuditVerify,
  'audit export': async () => (await import('./audit.ts')).runAuditExport,
  completion: async () => (await import('./completion.ts')).runCompletion,
  version: async () => (await import('./version.ts')).runVersion,
  help: async () => runHelp,
};

/** What the hidden command of the completion scripts is called. */
const COMPLETE = '__complete';

/** Runs a command line and returns the exit code; failures are reported here and nowhere else. */
export async function runCommandLine(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { output, readConfig, loadPlaybooks } = surroundings;
  if (args[0] === COMPLETE) {
    const { runComplete } = await import('./complete.ts');
    return runComplete(args.slice(1), surroundings);
  }
  try {
    const line = parseCommandLine(args);
    return await runCommand({
      line,
      output,
      loadPlaybooks,
      // Help must not fail for a wrong environment.
      get config() {
        return readConfig();
      },
    });
  } catch (error) {
    output.note(errorText(error, output.noteWidth, isVerbose(args, readConfig)));
    return exitCodeOfError(error);
  }
}

async function runCommand(context: CommandContext): Promise<number> {
  const { line } = context;
  const name = wantedCommand(line);
  if (name === 'help' && line.command.name !== 'help') {
    return showHelp(line.command.name.split(' '), context);
  }
  const load = RUNNERS[name];
  if (load === undefined) {
    throw new TypeError(`the command ${name} has no runner`);
  }
  const run = await load();
  return run(context);
}

/** `--help` and `--version` beat the command. */
function wantedCommand({ command, options }: CommandLine): string {
  if (options.has('help')) {
    return 'help';
  }
  return options.has('version') ? 'version' : command.name;
}

async function runHelp(context: CommandContext): Promise<number> {
  return showHelp(context.line.words, context);
}

async function showHelp(words: readonly string[], { output }: CommandContext): Promise<number> {
  const { helpText } = await import('./help.ts');
  output.print(helpText(words, Math.min(80, output.width)));
  return EXIT.healthy;
}

/** The command line itself may be what is wrong. */
function isVerbose(args: readonly string[], readConfig: () => Config): boolean {
  if (args.includes('--verbose') || args.includes('-v')) {
    return true;
  }
  try {
    return readConfig().debug;
  } catch {
    return false;
  }
}
