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
