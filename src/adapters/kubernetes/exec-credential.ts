import { spawn } from 'node:child_process';
import { KubewhyError } from '../../core/errors/kubewhy-error.ts';
import { lastLine, printable, shorten } from '../../core/facts/text.ts';
import { redactText } from '../../core/redaction/redact.ts';
import type { ClusterEntry, ExecEntry } from './connection.ts';
import { invalid } from './kubeconfig.ts';
import { fieldsOf, textOf } from './kubeconfig-fields.ts';
import { base64Of } from './material.ts';

/** What an exec plug-in hands out. */
export interface ExecCredential {
  readonly token?: string;
  readonly cert?: string;
  readonly key?: string;
  /** RFC 3339; absent when the credentials stay valid until a 401. */
  readonly expires?: string;
}

/** How exec plug-ins are run. */
export interface ExecSettings {
  /** The environment that the plug-in gets besides what the kubeconfig adds. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the plug-in may ask the person at the terminal. */
  readonly interactive: boolean;
  readonly timeoutMs: number;
}

interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const MOST_OUTPUT = 1024 * 1024;

/** Runs the plug-in of a user; throws KUBECONFIG_INVALID when it is missing, CREDENTIALS_REJECTED when it fails. */
export async function execCredential(
  exec: ExecEntry,
  cluster: ClusterEntry,
  settings: ExecSettings,
): Promise<ExecCredential> {
  const outcome = await run(exec, cluster, settings);
  if (outcome.code !== 0) {
    const how =
      outcome.code === null ? `was stopped (${outcome.signal ?? 'signal'})` : `failed with exit code ${outcome.code}`;
    const said = lastLine(redactText(printable(outcome.stderr)));
    throw rejected(exec, `${how}${said === '' ? '' : `: ${shorten(said, 300)}`}`);
  }
  return credential(exec, outcome.stdout);
}

function credential(exec: ExecEntry, stdout: string): ExecCredential {
  let parsed: unknown;
  try {
    parsed = JSON.parse(stdout);
  } catch (cause) {
    // The parser's message quotes the output, which holds credentials.
    throw rejected(exec, 'printed something that is not JSON', cause instanceof SyntaxError ? undefined : cause);
  }
  const status = fieldsOf(fieldsOf(parsed)['status']);
  const token = textOf(status['token']);
  const cert = textOf(status['clientCertificateData']);
  const key = textOf(status['clientKeyData']);
  const expires = textOf(status['expirationTimestamp']);
  if (token === undefined && (cert === undefined || key === undefined)) {
    throw rejected(exec, 'printed no token and no client certificate');
  }
  return {
    ...(token === undefined ? {} : { token }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(expires === undefined ? {} : { expires }),
  };
}

function run(exec: ExecEntry, cluster: ClusterEntry, settings: ExecSettings): Promise<Outcome> {
  const interactive = settings.interactive && exec.interactiveMode !== 'Never';
  return new Promise((resolve, reject) => {
    const child = spawn(exec.command, [...exec.args], {
      env: childEnvironment(exec, cluster, { ...settings, interactive }),
      // A plug-in that may ask writes its questions to the terminal itself.
      stdio: [interactive ? 'inherit' : 'ignore', 'pipe', interactive ? 'inherit' : 'pipe'],
      timeout: settings.timeoutMs,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout = (stdout + text).slice(0, MOST_OUTPUT);
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-4096);
    });
    child.on('error', (cause) => reject(notStarted(exec, cause)));
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

function childEnvironment(
  exec: ExecEntry,
  cluster: ClusterEntry,
  settings: ExecSettings,
): Record<string, string | undefined> {
  const info = {
    apiVersion: exec.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: settings.interactive, ...(exec.provideClusterInfo ? { cluster: clusterInfo(cluster) } : {}) },
  };
  return {
    ...settings.env,
    ...Object.fromEntries(exec.env.map(({ name, value }) => [name, value])),
    KUBERNETES_EXEC_INFO: JSON.stringify(info),
  };
}

function clusterInfo(cluster: ClusterEntry): Readonly<Record<string, unknown>> {
  return {
    server: cluster.server,
    'insecure-skip-tls-verify': cluster.skipTlsVerify,
    ...(cluster.ca === undefined
      ? {}
      : { 'certificate-authority-data': base64Of(cluster.ca, 'certificate authority') }),
    ...(cluster.tlsServerName === undefined ? {} : { 'tls-server-name': cluster.tlsServerName }),
    ...(cluster.proxyUrl === undefined ? {} : { 'proxy-url': cluster.proxyUrl }),
  };
}

function notStarted(exec: ExecEntry, cause: Error): KubewhyError {
  const code = 'code' in cause ? cause.code : undefined;
  const why = code === 'ENOENT' ? 'is not installed or not in PATH' : `cannot be started (${String(code)})`;
  const hint = exec.installHint === undefined ? undefined : shorten(printable(exec.installHint), 500);
  return invalid(`The credential plug-in \`${exec.command}\` that the kubeconfig names ${why}.`, cause, hint);
}

function rejected(exec: ExecEntry, what: string, cause?: unknown): KubewhyError {
  return new KubewhyError('CREDENTIALS_REJECTED', {
    message: `The credential plug-in \`${printable(exec.command)}\` that the kubeconfig names ${what}.`,
    ...(cause === undefined ? {} : { cause }),
  });
}
