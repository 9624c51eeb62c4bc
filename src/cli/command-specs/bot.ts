import type { CommandSpec } from '../command.ts';
import { CLUSTER, CONFIG, HELP, LOOK, VERBOSE } from './options.ts';

/** Commands about the bot. */
export const BOT_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'try',
    summary: 'try the bot in a browser, without Slack, Redis or a cluster',
    usage: '[options]',
    about: [
      'Starts the bot, a private Redis, and a stand-in for Slack whose page shows the answers, all on this machine, until Ctrl-C.',
      'It asks the cluster of your current kubeconfig context, read only; without one it serves three recorded incidents, and sends alerts about them with one click.',
      'Alerts of your own are taken at the address that it prints, with a token of this session.',
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
      'One process with role `all` is enough; large installations run gateways, which need no cluster, diagnosers, which need no Slack, and executors, which alone may change a cluster.',
      'Secrets and connections come from the environment or a `.env` file, everything else from kubewhy.yaml: see docs/configuration.md.',
    ],
    options: [
      {
        name: 'role',
        value: 'ROLE',
        choices: ['all', 'gateway', 'diagnoser', 'executor'],
        help: 'What this process does; default: $KUBEWHY_ROLE or all.',
      },
      CONFIG,
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
      CONFIG,
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
];
