/** An environment variable that Kubewhy reads. */
export interface EnvironmentVariable {
  readonly name: string;
  readonly says: string;
  /** Concerns `kubewhy serve`, so that `.env.example` documents it. */
  readonly service?: true;
  /** Its value is shown to nobody and handed to no other program; `NAME_FILE` may name a file that holds it. */
  readonly secret?: true;
}

/** Every environment variable that Kubewhy reads; the help lists those that are its own. */
export const ENVIRONMENT = [
  {
    name: 'SLACK_BOT_TOKEN',
    says: 'The token of the bot, xoxb-…; a gateway needs it.',
    service: true,
    secret: true,
  },
  {
    name: 'SLACK_APP_TOKEN',
    says: 'The app-level token for Socket Mode, xapp-….',
    service: true,
    secret: true,
  },
  {
    name: 'SLACK_SIGNING_SECRET',
    says: 'The signing secret for HTTP mode; several, separated by commas, while it is being changed.',
    service: true,
    secret: true,
  },
  { name: 'SLACK_API_URL', says: 'Another address than Slack’s own, for tests; it ends in /api/.', service: true },
  {
    name: 'REDIS_URL',
    says: 'Redis, as redis://user:password@host:6379/0 or rediss://….',
    service: true,
    secret: true,
  },
  {
    name: 'KUBEWHY_ALERT_TOKENS',
    says: 'The tokens of those who deliver alerts, as name=token, separated by commas.',
    service: true,
    secret: true,
  },
  {
    name: 'KUBEWHY_ALERTMANAGER_TOKENS',
    says: 'The tokens with which silences are made, as name=token, separated by commas.',
    service: true,
    secret: true,
  },
  {
    name: 'KUBEWHY_ALERT_TOKEN',
    says: 'The token of `kubewhy alert --send`: one of KUBEWHY_ALERT_TOKENS of the bot.',
    secret: true,
  },
  {
    name: 'KUBEWHY_SIGNING_KEY',
    says: 'The key with which gateways and executors sign approved changes; the same for all of them, at least 32 characters.',
    service: true,
    secret: true,
  },
  {
    name: 'KUBEWHY_STOP',
    says: 'Any value: executors change nothing; people are told the value as the reason.',
    service: true,
  },
  {
    name: 'KUBEWHY_CONFIG',
    says: 'The settings file; default: ./kubewhy.yaml, then /etc/kubewhy/kubewhy.yaml.',
    service: true,
  },
  {
    name: 'KUBEWHY_ROLE',
    says: 'What `kubewhy serve` does: all (default), gateway, diagnoser or executor.',
    service: true,
  },
  { name: 'KUBEWHY_LOG_LEVEL', says: 'debug, info (default), warn or error.', service: true },
  { name: 'KUBEWHY_INTERNAL_PORT', says: 'The port for health checks and metrics; default: 9464.', service: true },
  {
    name: 'KUBEWHY_PLAYBOOKS',
    says: 'Folders of further playbooks, separated as in PATH; --playbooks adds to them.',
    service: true,
  },
  { name: 'KUBEWHY_DEBUG', says: '1: show where an error comes from, as --verbose does.', service: true },
  { name: 'KUBECONFIG', says: 'Kubeconfig files, separated as in PATH; --kubeconfig wins.', service: true },
  { name: 'HOME', says: 'The home directory, where .kube/config is looked for.' },
  { name: 'KUBERNETES_SERVICE_HOST', says: 'The API server, inside a pod without a kubeconfig.' },
  { name: 'KUBERNETES_SERVICE_PORT', says: 'Its port.' },
  { name: 'HTTPS_PROXY', says: 'A proxy for the way to the API server.', service: true },
  { name: 'HTTP_PROXY', says: 'The same for an address that begins with http://.', service: true },
  { name: 'NO_PROXY', says: 'Hosts that are reached without the proxy.', service: true },
  { name: 'NO_COLOR', says: 'Any value: no colours.' },
  { name: 'FORCE_COLOR', says: 'Any value but 0: colours even when the output is no terminal.' },
  { name: 'TERM', says: 'dumb: no colours.' },
  { name: 'COLUMNS', says: 'The width of the text.' },
] as const satisfies readonly EnvironmentVariable[];

export type EnvironmentName = (typeof ENVIRONMENT)[number]['name'];

/** A variable whose value is secret. */
export type SecretName = Extract<(typeof ENVIRONMENT)[number], { secret: true }>['name'];

/** The variable that names a file with the value of a secret one, as mounted secrets are. */
export function fileVariable(name: SecretName): `${SecretName}_FILE` {
  return `${name}_FILE`;
}

/** The environment as variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** One thing that is wrong with a variable; the reason holds no value. */
export interface EnvironmentProblem {
  readonly name: EnvironmentName | `${SecretName}_FILE`;
  readonly reason: string;
}
