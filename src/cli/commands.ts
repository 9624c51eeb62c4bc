import type { CommandSpec } from './command.ts';
import { ASKING_COMMANDS } from './command-specs/asking.ts';
import { BOT_COMMANDS } from './command-specs/bot.ts';
import { PLAYBOOK_COMMANDS } from './command-specs/playbooks.ts';
import { UPKEEP_COMMANDS } from './command-specs/upkeep.ts';

/** All commands, in the order of the help. */
export const COMMANDS: readonly CommandSpec[] = [
  ...ASKING_COMMANDS,
  ...BOT_COMMANDS,
  ...PLAYBOOK_COMMANDS,
  ...UPKEEP_COMMANDS,
];

/** The command of that name. */
export function findCommand(name: string): CommandSpec | undefined {
  return COMMANDS.find((command) => command.name === name);
}
