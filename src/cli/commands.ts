import type { CommandSpec, OptionSpec } from './command.ts';

const HELP: OptionSpec = { name: 'help', short: 'h', help: 'Show the help of the command.' };
const VERBOSE: OptionSpec = {
  name: 'verbose',
  short: 'v',
  help: 'Show where an error comes from, and how long it took.',
};
const PLAYBOOKS: OptionSpec = {
  name: 'playbooks',
  value: 'FOLDER',
  multiple: true,
  completes: 'folder',
  help: 'Also use the playbooks of this folder; may be given several times.',
};

const CLUSTER: readonly OptionSpec[] = [
  {
    name: 'namespace',
    short: 'n',
    value: 'NAME',
    completes: 'namespace',
    help: 'The namespace; default: that of the context.',
  },
  { name: 'context', value: 'NAME', completes: 'context', help: 'The kubeconfig context; default: the current one.' },
  {
    name: 'kubeconfig',
    value: 'FILE',
    completes: 'file',
    help: 'The kubeconfig; default: $KUBECONFIG or ~/.kube/config.',
  },
];

const LOOK: readonly OptionSpec[] = [
  {
    name: 'color',
    value: 'WHEN',
    choices: ['auto', 'always', 'never'],
    help: 'Use colours; auto: only in a terminal.',
  },
  { name: 'no-color', help: 'The same as --color=never.' },
];

/** All commands, in the order of the help. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'why',
    summary: 'say why an object does not work, with evidence',
    usage: '<subject> [options]',
    about: [
      'Reads the object and what it depends on, never changes anything, and answers with the cause in the first line.',
      'A subject is a pod (`web-0`), the beginning of a pod name, or a kind and a name: `deploy/web`, `deploy web`, `sts/db`, `cronjob/backup`.',
      'Exit code: 0 nothing is wrong, 1 a cause was found, 2 it cannot be told, 3 the question was wrong, 4 the cluster did not answer.',
    ],
    options: [
      ...CLUSTER,
      { name: 'from', value: 'FOLDER', completes: 'folder', help: 'Answer from a recording instead of a cluster.' },
      {
        name: 'output',
        short: 'o',
        value: 'FORMAT',
        choices: ['text', 'json', 'yaml'],
        help: 'The form of the answer; default: text.',
      },
      { name: 'explain', help: 'Add every playbook and why it did or did not apply.' },
      PLAYBOOKS,
      ...LOOK,
      VERBOSE,
      HELP,
    ],
    examples: [
      { command: 'kubewhy why web-0', says: 'a pod of the current namespace' },
      { command: 'kubewhy why -n shop deploy/blog-api', says: 'a Deployment, through its worst pod' },
      { command: 'kubewhy why -n shop blog -o json | jq -r .summary', says: 'the first line, for a script' },
      { command: 'kubewhy why --from ./incident', says: 'again what was recorded' },
    ],
    completes: 'subject',
  },
  {
    name: 'record',
    summary: 'write down everything a diagnosis reads, redacted',
    usage: '<subject> -o FOLDER [options]',
    about: [
      'Asks the same as `why` and writes what was read into a folder: secrets are removed before anything is written.',
      'Somebody else can ask again without the cluster: kubewhy why --from FOLDER. Exit code 0 when it was written.',
    ],
    options: [
      {
        name: 'output',
        short: 'o',
        value: 'FOLDER',
        completes: 'folder',
        help: 'The folder to write; it must be empty or new.',
      },
      ...CLUSTER,
      PLAYBOOKS,
      ...LOOK,
      VERBOSE,
      HELP,
    ],
    examples: [{ command: 'kubewhy record -n shop web-0 -o ./incident', says: 'then: kubewhy why --from ./incident' }],
    completes: 'subject',
  },
  {
    name: 'try',
    summary: 'try the bot in a browser, without Slack, Redis or a cluster',
    usage: '[options]',
    about: [
      'Starts the bot, a private Redis, and a stand-in for Slack whose page shows the answers, all on this machine, until Ctrl-C.',
      'It asks the cluster of your current kubeconfig context, read only; without one it serves three recorded incidents.',
      'Redis or Valkey is taken from the path, else installed if that needs no password, else run in a container.',
    ],
    options: [
      { name: 'port', value: 'NUMBER', help: 'The port of the page; default: 4747, or the next one that is free.' },
      { name: 'no-open', help: 'Only print the address, open no browser.' },
      { name: 'recorded', help: 'Serve the recorded incidents although there is a cluster.' },
      ...CLUSTER.filter(({ name }) => name !== 'namespace'),
      VERBOSE,
      HELP,
    ],
    examples: [
      { command: 'kubewhy try', says: 'and open the address' },
      { command: 'kubewhy try --recorded --no-open', says: 'without a cluster and a browser' },
    ],
  },
  {
    name: 'serve',
    summary: 'run the bot: Slack, the queue and the diagnoses',
    usage: '[options]',
    about: [
      'Connects to Slack and Redis and answers questions until it is told to end (Ctrl-C, SIGTERM).',
      'One process with role `all` is enough; large installations run gateways, which need no cluster, and diagnosers, which need no Slack.',
      'Secrets and connections come from the environment or a `.env` file, everything else from kubewhy.yaml: see docs/configuration.md.',
    ],
    options: [
      {
        name: 'role',
        value: 'ROLE',
        choices: ['all', 'gateway', 'diagnoser'],
        help: 'What this process does; default: $KUBEWHY_ROLE or all.',
      },
      {
        name: 'config',
        value: 'FILE',
        completes: 'file',
        help: 'The settings; default: $KUBEWHY_CONFIG, ./kubewhy.yaml or /etc/kubewhy/kubewhy.yaml.',
      },
      VERBOSE,
      HELP,
    ],
    examples: [
      { command: 'kubewhy serve', says: 'everything in one process' },
      { command: 'kubewhy serve --role diagnoser', says: 'in a cluster that nothing can reach from outside' },
    ],
  },
  {
    name: 'doctor',
    summary: 'examine what the Slack bot needs, and say what to do',
    usage: '[options]',
    about: [
      'Examines the environment, the settings, the playbooks, Slack (tokens, scopes, channels), Redis (version, persistence, memory) and each cluster (reachability, permissions, and which playbooks would be blind). Changes nothing.',
      'What is not configured is left out. Exit code: 0 everything is in order, 1 warnings only, 2 something does not work, 3 the command was wrong.',
    ],
    options: [
      {
        name: 'config',
        value: 'FILE',
        completes: 'file',
        help: 'The settings file; default: $KUBEWHY_CONFIG, ./kubewhy.yaml or /etc/kubewhy/kubewhy.yaml.',
      },
      {
        name: 'output',
        short: 'o',
        value: 'FORMAT',
        choices: ['text', 'json'],
        help: 'The form of the report; default: text.',
      },
      ...LOOK,
      VERBOSE,
      HELP,
    ],
    examples: [
      { command: 'kubewhy doctor', says: 'before `kubewhy serve`' },
      { command: 'kubewhy doctor -o json | jq -r .verdict', says: 'good, warnings or failures, for a script' },
    ],
  },
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
      'expected.yaml says `code`, the playbook that names the cause, or none; and, where it matters, `state`, `verdict`, `container`, `firstLine` (texts that the cause contains), `root`, `modifiers`, `not` and `subject`.',
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

/** The command of that name. */
export function findCommand(name: string): CommandSpec | undefined {
  return COMMANDS.find((command) => command.name === name);
}
