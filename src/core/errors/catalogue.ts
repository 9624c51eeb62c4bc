/** What sort of failure it is; `bug` means a defect of Kubewhy. */
export type ErrorKind =
  | 'invalid_input'
  | 'misconfigured'
  | 'not_found'
  | 'forbidden'
  | 'unavailable'
  | 'timeout'
  | 'refused'
  | 'bug';

interface CatalogueEntry {
  readonly kind: ErrorKind;
  readonly title: string;
  readonly hint: string;
}

/** Every error Kubewhy raises. Codes are permanent; `docs/errors.md` lists the same codes. */
export const ERROR_CATALOGUE = {
  USAGE: {
    kind: 'invalid_input',
    title: 'The command line was not understood',
    hint: 'Run `kubewhy help` for the commands and `kubewhy help <command>` for one of them.',
  },
  SUBJECT_INVALID: {
    kind: 'invalid_input',
    title: 'The subject is not a name that Kubernetes allows',
    hint: 'Name a pod (`web-0`) or a kind and a name (`deploy/web`, `sts/db`, `cronjob/backup`).',
  },
  SUBJECT_NOT_FOUND: {
    kind: 'not_found',
    title: 'No such object',
    hint: 'Check the spelling and the namespace (`-n`).',
  },
  SUBJECT_AMBIGUOUS: {
    kind: 'invalid_input',
    title: 'Several objects fit the name',
    hint: 'Give the whole name of one of them.',
  },
  KUBECONFIG_INVALID: {
    kind: 'misconfigured',
    title: 'No usable kubeconfig',
    hint: 'Set KUBECONFIG or pass --kubeconfig; without a cluster try `kubewhy why --from <recording> <pod>`.',
  },
  CLUSTER_UNREACHABLE: {
    kind: 'unavailable',
    title: 'The API server cannot be reached',
    hint: 'Check the address in the kubeconfig, the network, VPN or proxy, and whether the API server runs.',
  },
  CLUSTER_TIMEOUT: {
    kind: 'timeout',
    title: 'The API server did not answer in time',
    hint: 'Try again; if it stays, check the load of the API server and the network between.',
  },
  CREDENTIALS_REJECTED: {
    kind: 'forbidden',
    title: 'The API server does not accept the credentials',
    hint: 'Log in again (cloud CLI, exec plug-in) or renew the client certificate or token in the kubeconfig.',
  },
  READ_FORBIDDEN: {
    kind: 'forbidden',
    title: 'A permission is missing',
    hint: 'Ask a cluster administrator for the permission that the message names.',
  },
  CLUSTER_ANSWER_INVALID: {
    kind: 'unavailable',
    title: 'The API server answered something that is not Kubernetes',
    hint: 'Check that the address in the kubeconfig is an API server and not a proxy or log-in page.',
  },
  PLAYBOOKS_INVALID: {
    kind: 'misconfigured',
    title: 'Playbooks could not be loaded',
    hint: 'Correct the listed places; `kubewhy playbook lint <folder>` checks them without a cluster.',
  },
  RECORDING_INVALID: {
    kind: 'invalid_input',
    title: 'The recording cannot be read',
    hint: 'Record it again with `kubewhy record <subject> -o <folder>`.',
  },
  OUTPUT_NOT_WRITTEN: {
    kind: 'invalid_input',
    title: 'The output folder cannot be written',
    hint: 'Choose a folder that you may write and that does not hold another recording.',
  },
  CONFIG_INVALID: {
    kind: 'misconfigured',
    title: 'The configuration is not valid',
    hint: 'Correct the variables listed.',
  },
  SETTINGS_INVALID: {
    kind: 'misconfigured',
    title: 'The settings file is not valid',
    hint: 'Correct the listed places in kubewhy.yaml.',
  },
  STORE_UNAVAILABLE: {
    kind: 'unavailable',
    title: 'Redis does not answer',
    hint: 'Check that Redis runs, that REDIS_URL is right and that it has memory left.',
  },
  QUEUE_UNAVAILABLE: {
    kind: 'unavailable',
    title: 'The queue does not take the job',
    hint: 'Check that Redis runs, that REDIS_URL is right and that it has memory left.',
  },
  CHAT_UNAVAILABLE: {
    kind: 'unavailable',
    title: 'Slack does not answer',
    hint: 'Try again; if it stays, check the way to slack.com (proxy, firewall) and status.slack.com.',
  },
  CHAT_REJECTED: {
    kind: 'misconfigured',
    title: 'Slack does not accept the app',
    hint: 'Run `kubewhy doctor`: it names the token or scope that is wrong.',
  },
  CLUSTER_UNKNOWN: {
    kind: 'invalid_input',
    title: 'No such cluster in the settings',
    hint: 'Use one of the clusters that the message names.',
  },
  NOT_ALLOWED: {
    kind: 'refused',
    title: 'The policy does not allow it',
    hint: 'Ask the administrator of Kubewhy for a rule under `reading` in kubewhy.yaml.',
  },
  BOT_UNREACHABLE: {
    kind: 'unavailable',
    title: 'The bot does not take the alerts',
    hint: 'Check the address, that a gateway of Kubewhy runs there, and its log; the same payload may be sent again.',
  },
  ALERT_TOKEN_REJECTED: {
    kind: 'forbidden',
    title: 'The bot does not accept the token',
    hint: 'Set KUBEWHY_ALERT_TOKEN to one of the tokens in KUBEWHY_ALERT_TOKENS of the bot.',
  },
  BUG: {
    kind: 'bug',
    title: 'Kubewhy failed',
    hint: 'This is a defect of Kubewhy; please report it with the command and the message.',
  },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;
