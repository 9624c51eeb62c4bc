// @ts-check
// Plain JavaScript without dependencies: this runs on any Node >= 20, before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_MAJOR = 24;

/** The root folder of the repository. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

const LOCKFILE = join(ROOT, 'package-lock.json');
/** npm writes down here what it has installed. */
const INSTALLED = join(ROOT, 'node_modules', '.package-lock.json');

/**
 * Modification time in milliseconds; 0 when the file does not exist.
 * @param {string} path
 */
export function modifiedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Whether this very process runs the Node version that the project is written for. */
export function isRightNode() {
  return Number.parseInt(process.versions.node, 10) >= NODE_MAJOR;
}

/** Path of a Node that can run the project: this one, or the one that is installed as a package. */
export function findNode() {
  if (isRightNode()) {
    return process.execPath;
  }
  const installed = join(ROOT, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  return existsSync(installed) ? installed : undefined;
}

/** Runs `npm ci` when node_modules is missing or does not fit the lockfile. Says so in one line on stderr. */
export function ensureDependencies() {
  const installed = modifiedAt(INSTALLED);
  if (installed > 0 && (installed >= modifiedAt(LOCKFILE) || fitsLockfile())) {
    return;
  }
  process.stderr.write('kubewhy: installing dependencies (npm ci) ...\n');
  runQuietly('npm', ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--loglevel=error']);
}

/** Git gives a lockfile that it writes again a new time. The next run need not read the files again. */
function fitsLockfile() {
  const wanted = readPackages(LOCKFILE);
  const installed = readPackages(INSTALLED);
  const fits = Object.entries(wanted).every(([path, { integrity, optional, devOptional }]) => {
    const found = installed[path];
    return path === '' || (found === undefined ? optional || devOptional : found.integrity === integrity);
  });
  const complete = fits && Object.keys(installed).every((path) => path in wanted);
  if (complete) {
    const now = new Date();
    utimesSync(INSTALLED, now, now);
  }
  return complete;
}

/**
 * @param {string} lockfile
 * @returns {Record<string, { integrity?: string, optional?: boolean, devOptional?: boolean }>}
 */
function readPackages(lockfile) {
  const { packages } = /** @type {{ packages: ReturnType<typeof readPackages> }} */ (
    JSON.parse(readFileSync(lockfile, 'utf8'))
  );
  return packages;
}

/**
 * Runs a command without showing its output unless it fails; then this process ends with its exit code.
 * @param {string} command
 * @param {string[]} args
 */
export function runQuietly(command, args) {
  const result = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8', env: environment(), stdio: 'pipe' });
  if (result.status === 0) {
    return;
  }
  process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}\n`);
  process.stderr.write(`kubewhy: \`${command} ${args.join(' ')}\` failed\n`);
  process.exit(result.status || 1);
}

/** The Node to use; ends the process with an explanation when there is none. */
export function requireNode() {
  const node = findNode();
  if (node !== undefined) {
    return node;
  }
  process.stderr.write(
    `kubewhy: this needs Node ${NODE_MAJOR} or newer, and there is no packaged Node for ` +
      `${process.platform}-${process.arch}. Install Node ${NODE_MAJOR} and run the command again.\n`,
  );
  process.exit(1);
}

/**
 * Runs Node with the given arguments in place of this process: same terminal, same signals, same exit code.
 * @param {string} node
 * @param {string[]} args
 */
export function becomeNode(node, args) {
  const child = spawn(node, args, { stdio: 'inherit' });
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exit(code ?? 1);
    }
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/**
 * `npm ci` removes node_modules, so npm must not run on the Node inside it.
 * @returns {NodeJS.ProcessEnv}
 */
function environment() {
  const path = (process.env.PATH ?? '').split(delimiter).filter((entry) => !/node_modules[/\\]\.bin$/.test(entry));
  return { ...process.env, PATH: path.join(delimiter) };
}
