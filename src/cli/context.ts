import type { LoadPlaybooks } from '../app/playbooks.ts';
import type { Config } from '../config/config.ts';
import type { Output } from './output.ts';
import type { CommandLine } from './parse-arguments.ts';

/** What the program gives to a command line. */
export interface Surroundings {
  readonly output: Output;
  /** Throws CONFIG_INVALID; called only by commands that need it. */
  readonly readConfig: () => Config;
  readonly loadPlaybooks: LoadPlaybooks;
}

/** What every command gets. */
export interface CommandContext {
  readonly line: CommandLine;
  readonly config: Config;
  readonly output: Output;
  readonly loadPlaybooks: LoadPlaybooks;
}

/** A command returns its exit code. */
export type RunCommand = (context: CommandContext) => Promise<number>;
