import type { CommandSpec } from '../command.ts';
import { HELP, VERBOSE } from './options.ts';

/** Commands about Kubewhy itself. */
export const UPKEEP_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'feedback',
    summary: 'show what people called wrong, with the facts behind it',
    usage: '[options]',
    about: [
      'Lists what people wrote with the button "Wrong diagnosis".',
      'With -o everything that such an answer was made of becomes a recording, from which the question can be asked again and a case be made.',
    ],
    options: [
      {
        name: 'output',
        short: 'o',
        value: 'FOLDER',
        completes: 'folder',
        help: 'Write the recordings here, a folder for each.',
      },
      VERBOSE,
      HELP,
    ],
    examples: [{ command: 'kubewhy feedback -o ./feedback', says: 'list, and write the recordings' }],
  },
  {
    name: 'audit verify',
    summary: 'find out whether the audit of changes is whole',
    usage: '[options]',
    about: [
      'Follows the chain of hashes in Redis from its first entry to its last one, and names the first one that was changed, left out, exchanged or moved.',
      'Also says how many entries are missing that were written and never came into the chain.',
      'Who can write to Redis can also make the whole chain anew. Note the last entry elsewhere now and then, or let `remediation.auditChannel` be told it, and give it with --anchor; or compare with the lines `audit` in the log of the bot.',
      'Exit code: 0 it is whole, 1 it is not, 3 the command was wrong, 4 Redis does not answer.',
    ],
    options: [
      {
        name: 'anchor',
        value: 'NUMBER:HASH',
        help: 'An entry as an earlier run or the channel named it; it must still be there.',
      },
      VERBOSE,
      HELP,
    ],
    examples: [{ command: 'kubewhy audit verify', says: 'whole or not, and the last entry' }],
  },
  {
    name: 'audit export',
    summary: 'print the audit of changes as JSON lines',
    usage: '[options]',
    about: [
      'Prints every entry of the chain, one a line, in order: who proposed, approved and did what to which object.',
    ],
    options: [VERBOSE, HELP],
    examples: [
      { command: 'kubewhy audit export > audit.jsonl', says: 'a copy of everything' },
      { command: "kubewhy audit export | jq 'select(.security > 3)'", says: 'what matters most' },
    ],
  },
  {
    name: 'completion',
    summary: 'print the completion script of a shell',
    usage: 'bash|zsh|fish',
    about: ['Completes commands, options, kinds, and names of the cluster.'],
    options: [HELP],
    examples: [
      { command: 'source <(kubewhy completion bash)', says: 'in ~/.bashrc' },
      { command: 'source <(kubewhy completion zsh)', says: 'in ~/.zshrc, after compinit' },
      { command: 'kubewhy completion fish | source', says: 'in ~/.config/fish/config.fish' },
    ],
    completes: 'shell',
  },
  {
    name: 'version',
    summary: 'print the version',
    usage: '',
    about: ['Prints the version of Kubewhy and of Node.js.'],
    options: [HELP],
    examples: [],
  },
  {
    name: 'help',
    summary: 'show this help, or that of a command',
    usage: '[command]',
    about: ['Shows what the commands do.'],
    options: [HELP],
    examples: [{ command: 'kubewhy help why', says: 'all about the question' }],
    completes: 'command',
  },
];
