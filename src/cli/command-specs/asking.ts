import type { CommandSpec } from '../command.ts';
import { CLUSTER, CONFIG, HELP, LOOK, PLAYBOOKS, VERBOSE } from './options.ts';

/** Commands that ask a cluster. */
export const ASKING_COMMANDS: readonly CommandSpec[] = [
  {
    name: 'why',
    summary: 'say why an object does not work, with evidence',
    usage: '<subject> [options]',
    about: [
      'Reads the object and what it depends on, never changes anything, and answers with the cause in the first line.',
      'A subject is a pod (`web-0`), the beginning of a pod name, or a kind and a name: `deploy/web`, `deploy web`, `sts/db`, `cronjob/backup`, `node/worker-1`, `ns/shop`.',
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
    name: 'alert',
    summary: 'say what alerts are about, where they go, and why they fire',
    usage: '<file>|- [options]',
    about: [
      'Reads a payload as Alertmanager or Grafana posts it, at most 8 MiB, and says for each alert which object it is about and which channel it goes to. Nothing is sent to anybody, except with --send.',
      'With a cluster or a recording it also answers why: each root object once (the Deployment for its pods), at most 20.',
      'With --send it goes as it is to a running bot, with the token in KUBEWHY_ALERT_TOKEN, and the answer says how many alerts were new.',
      'Exit codes are those of `why`: 0 nothing was asked or nothing is wrong, or the bot has taken it, 1 a cause was found, 2 it cannot be told, 3 the payload, the token or the command is wrong, 4 the cluster or the bot did not answer.',
    ],
    options: [
      {
        name: 'cluster',
        short: 'c',
        value: 'NAME',
        help: 'Ask this cluster of the settings; alerts that name none are about it.',
      },
      { name: 'from', value: 'FOLDER', completes: 'folder', help: 'Answer from a recording instead of a cluster.' },
      ...CLUSTER.filter(({ name }) => name !== 'namespace'),
      {
        name: 'sender',
        value: 'NAME',
        help: 'Read it as that sender of the settings; default: its format is recognised.',
      },
      { name: 'explain', help: 'Add which labels, routes and groups decided.' },
      { name: 'send', value: 'URL', help: 'Send it to the bot that runs there instead; no redirect is followed.' },
      {
        name: 'output',
        short: 'o',
        value: 'FORMAT',
        choices: ['text', 'json'],
        help: 'The form of the answer; default: text.',
      },
      CONFIG,
      PLAYBOOKS,
      ...LOOK,
      { name: 'verbose', short: 'v', help: 'Show whole answers, and where an error comes from.' },
      HELP,
    ],
    examples: [
      { command: 'kubewhy alert payload.json', says: 'what it is about and where it goes' },
      { command: 'kubewhy alert payload.json --explain', says: 'and why' },
      { command: 'kubewhy alert - -c prod < payload.json', says: 'diagnosed in a cluster' },
      { command: 'kubewhy alert payload.json --from ./incident', says: 'diagnosed from a recording' },
      { command: 'kubewhy alert payload.json --send http://127.0.0.1:9464/alerts', says: 'given to a running bot' },
    ],
    completes: 'file',
  },
];
