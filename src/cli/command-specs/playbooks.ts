import type { CommandSpec } from '../command.ts';
import { HELP, LOOK, PLAYBOOKS } from './options.ts';

/** Commands about playbooks. */
export const PLAYBOOK_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'playbook list',
    summary: 'list the playbooks',
    usage: '[options]',
    about: ['Lists every playbook with the stage it speaks about and its title.'],
    options: [PLAYBOOKS, HELP],
    examples: [{ command: 'kubewhy playbook list', says: 'the built-in ones' }],
  },
  {
    name: 'playbook explain',
    summary: 'show a playbook in words',
    usage: '<name> [options]',
    about: [
      'Shows what triggers a playbook, what it reads and the permissions for that, what it checks and what it says.',
    ],
    options: [PLAYBOOKS, ...LOOK, HELP],
    examples: [{ command: 'kubewhy playbook explain oom-killed-container', says: 'one of the built-in ones' }],
    completes: 'playbook',
  },
  {
    name: 'playbook lint',
    summary: 'check a folder of playbooks without a cluster',
    usage: '<folder>...',
    about: ['Shows every problem with its file, its place in the file and the reason. Exit code 3 when there is one.'],
    options: [HELP],
    examples: [{ command: 'kubewhy playbook lint ./playbooks', says: 'before they are used' }],
    completes: 'folder',
  },
  {
    name: 'playbook test',
    summary: 'run the cases of playbooks',
    usage: '<folder>... [options]',
    about: [
      'Diagnoses every case below the folders and compares the answer. A case is a folder with a recording.yaml and an expected.yaml.',
      'expected.yaml says `code`, the playbook that names the cause, or none; and, where it matters, `state`, `verdict`, `container`, `firstLine` (texts that the cause contains), `root`, `blames`, `modifiers`, `not` and `subject`.',
      'Exit code 1 when a case fails.',
    ],
    options: [PLAYBOOKS, HELP],
    examples: [
      { command: 'kubewhy playbook test ./cases --playbooks ./playbooks', says: 'own playbooks with their cases' },
    ],
    completes: 'folder',
  },
  {
    name: 'playbook schema',
    summary: 'print the JSON Schema of a playbook',
    usage: '',
    about: ['Editors can complete and check playbooks with it.'],
    options: [HELP],
    examples: [{ command: 'kubewhy playbook schema > playbook.schema.json', says: 'for the editor' }],
  },
];
