import type { OptionSpec } from '../command.ts';

/** Every command has it. */
export const HELP: OptionSpec = { name: 'help', short: 'h', help: 'Show the help of the command.' };
/** Beside an answer. */
export const VERBOSE: OptionSpec = {
  name: 'verbose',
  short: 'v',
  help: 'Show where an error comes from, and how long it took.',
};
/** Where playbooks come from besides the built-in ones. */
export const PLAYBOOKS: OptionSpec = {
  name: 'playbooks',
  value: 'FOLDER',
  multiple: true,
  completes: 'folder',
  help: 'Also use the playbooks of this folder; may be given several times.',
};

/** Which cluster and namespace. */
export const CLUSTER: readonly OptionSpec[] = [
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

/** How text looks. */
export const LOOK: readonly OptionSpec[] = [
  {
    name: 'color',
    value: 'WHEN',
    choices: ['auto', 'always', 'never'],
    help: 'Use colours; auto: only in a terminal.',
  },
  { name: 'no-color', help: 'The same as --color=never.' },
];

/** The settings file. */
export const CONFIG: OptionSpec = {
  name: 'config',
  value: 'FILE',
  completes: 'file',
  help: 'The settings; default: $KUBEWHY_CONFIG, ./kubewhy.yaml or /etc/kubewhy/kubewhy.yaml.',
};
