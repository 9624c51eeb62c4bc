import {
  ENVIRONMENT,
  type EnvironmentName,
  type EnvironmentProblem,
  type EnvironmentVariable,
  type Variables,
} from './environment.ts';
import { environmentInvalid } from './environment-invalid.ts';
import { present } from './present.ts';

/** What the environment says to every command, read once; `service-config.ts` holds what `serve` needs besides. */
export interface Config {
  readonly home?: string;
  /** As in the environment: several files are separated as in PATH. */
  readonly kubeconfig?: string;
  readonly playbookFolders: readonly string[];
  readonly debug: boolean;
  /** What the environment says about colours; undefined: nothing. */
  readonly color: boolean | undefined;
  /** The width that the environment asks for. */
  readonly columns?: number;
  /** The API server as a pod sees it. */
  readonly service?: { readonly host: string; readonly port: string };
  readonly proxy: { readonly httpsProxy?: string; readonly httpProxy?: string; readonly noProxy?: string };
  /** The environment that credential plug-ins inherit, without our own secrets; not enumerable, so that it is not shown or logged. */
  readonly inherited: Readonly<Record<string, string | undefined>>;
}

/** Between folders, as in PATH. */
const LIST_DELIMITER = process.platform === 'win32' ? ';' : ':';
const SWITCH_VALUES = ['0', '1', 'false', 'true'];

/** Reads the environment of this process. Throws CONFIG_INVALID with all problems. */
export function readConfig(): Config {
  return parseConfig(process.env);
}

/** Reads variables into a frozen configuration. Throws CONFIG_INVALID with all problems. */
export function parseConfig(variables: Variables): Config {
  const read = reader(variables);
  const problems = [...ENVIRONMENT.flatMap(({ name }) => unreadable(name, read(name))), ...checkAll(read)];
  if (problems.length > 0) {
    throw environmentInvalid(problems);
  }
  const config = {
    ...present('home', read('HOME')),
    ...present('kubeconfig', read('KUBECONFIG')),
    playbookFolders: Object.freeze(
      (read('KUBEWHY_PLAYBOOKS') ?? '').split(LIST_DELIMITER).filter((folder) => folder !== ''),
    ),
    debug: isOn(read('KUBEWHY_DEBUG')),
    color: wantedColor(read),
    ...present('columns', columns(read)),
    ...present('service', service(read)),
    proxy: Object.freeze({
      ...present('httpsProxy', read('HTTPS_PROXY')),
      ...present('httpProxy', read('HTTP_PROXY')),
      ...present('noProxy', read('NO_PROXY')),
    }),
    inherited: Object.freeze(withoutSecrets(variables)),
  };
  return Object.freeze(Object.defineProperty(config, 'inherited', { enumerable: false }));
}

/** Another program has no use for them. */
function withoutSecrets(variables: Variables): Variables {
  const all: readonly EnvironmentVariable[] = ENVIRONMENT;
  const own = all.filter(({ secret }) => secret === true).flatMap(({ name }) => [name, `${name}_FILE`]);
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !own.includes(name)));
}

type Read = (name: EnvironmentName) => string | undefined;

/** An empty variable counts as one that is not set; proxies may be written in lower case. */
function reader(variables: Variables): Read {
  return (name) => {
    const value = variables[name] ?? (name.endsWith('_PROXY') ? variables[name.toLowerCase()] : undefined);
    return value === undefined || value === '' ? undefined : value;
  };
}

function unreadable(name: EnvironmentName, value: string | undefined): readonly EnvironmentProblem[] {
  return value?.includes('\u0000') === true ? [{ name, reason: 'holds a zero character.' }] : [];
}

function checkAll(read: Read): readonly EnvironmentProblem[] {
  const problems: EnvironmentProblem[] = [];
  const debug = read('KUBEWHY_DEBUG');
  if (debug !== undefined && !SWITCH_VALUES.includes(debug)) {
    problems.push({ name: 'KUBEWHY_DEBUG', reason: `must be one of ${SWITCH_VALUES.join(', ')}.` });
  }
  const port = read('KUBERNETES_SERVICE_PORT');
  if (port !== undefined && !isBetween(port, 1, 65_535)) {
    problems.push({ name: 'KUBERNETES_SERVICE_PORT', reason: 'must be a port number.' });
  }
  for (const name of ['HTTPS_PROXY', 'HTTP_PROXY'] as const) {
    const proxy = read(name);
    if (proxy !== undefined && !isAddress(proxy)) {
      // The value may hold a password.
      problems.push({ name, reason: 'must be a URL such as http://proxy.example:3128.' });
    }
  }
  return problems;
}

function isBetween(text: string, least: number, most: number): boolean {
  return /^\d{1,6}$/.test(text) && Number(text) >= least && Number(text) <= most;
}

/** `proxy.example:3128` without a scheme is common and means http. */
function isAddress(text: string): boolean {
  return URL.canParse(text.includes('://') ? text : `http://${text}`);
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== '0' && value !== 'false';
}

function wantedColor(read: Read): boolean | undefined {
  if (read('NO_COLOR') !== undefined) {
    return false;
  }
  if (read('FORCE_COLOR') !== undefined) {
    return isOn(read('FORCE_COLOR'));
  }
  return read('TERM') === 'dumb' ? false : undefined;
}

/** Shells set it by themselves, so that a value that makes no sense is no mistake of the user. */
function columns(read: Read): number | undefined {
  const text = read('COLUMNS') ?? '';
  return isBetween(text, 1, 10_000) ? Number(text) : undefined;
}

function service(read: Read): { readonly host: string; readonly port: string } | undefined {
  const host = read('KUBERNETES_SERVICE_HOST');
  return host === undefined ? undefined : Object.freeze({ host, port: read('KUBERNETES_SERVICE_PORT') ?? '443' });
}
