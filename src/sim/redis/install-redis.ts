import { findProgram } from './find-redis.ts';
import type { RunProgram } from './run-program.ts';

/** What an installation needs to know. */
export interface InstallSurroundings {
  /** The search path of programs, as in the variable PATH. */
  readonly path: string;
  readonly run: RunProgram;
  readonly isRoot: boolean;
  /** Tells the person what happens, one line each. */
  readonly say: (line: string) => void;
}

interface PackageManager {
  readonly program: string;
  /** What a person would type. */
  readonly command: string;
  /** A shell script that installs the package and starts no service. */
  readonly script: string;
  /** Homebrew refuses to run as root, all others need it. */
  readonly needsRoot: boolean;
}

/** The beginning of a command line that a script is added to. */
interface ShellStart {
  readonly program: string;
  readonly args: readonly string[];
}

/** Debian starts what it installs unless this policy forbids it, and would start it again with the next boot. */
const APT_SCRIPT = `set -e
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq || true
apt-get install -y -qq --no-install-recommends redis-server
if command -v systemctl >/dev/null; then systemctl disable redis-server >/dev/null 2>&1 || true; fi`;

const MANAGERS: readonly PackageManager[] = [
  { program: 'apt-get', command: 'apt-get install redis-server', script: APT_SCRIPT, needsRoot: true },
  {
    program: 'dnf',
    command: 'dnf install valkey',
    script: 'dnf install -y -q valkey || dnf install -y -q redis',
    needsRoot: true,
  },
  { program: 'apk', command: 'apk add redis', script: 'apk add --quiet redis', needsRoot: true },
  { program: 'pacman', command: 'pacman -S valkey', script: 'pacman -S --noconfirm --needed valkey', needsRoot: true },
  {
    program: 'zypper',
    command: 'zypper install redis',
    script: 'zypper --non-interactive install redis',
    needsRoot: true,
  },
  { program: 'brew', command: 'brew install redis', script: 'brew install --quiet redis', needsRoot: false },
];

const INSTALL_TIMEOUT_MS = 300_000;
const SUDO_TIMEOUT_MS = 10_000;

/** Installs a server with the package manager of the system, if that needs no password. Returns whether it did. */
export async function installRedis(surroundings: InstallSurroundings): Promise<boolean> {
  const { path, run, say } = surroundings;
  const manager = await findManager(path);
  if (manager === undefined) {
    return false;
  }
  const shell = await shellFor(manager, surroundings);
  if (shell === undefined) {
    return false;
  }
  say(`no Redis or Valkey server found: installing one with \`${manager.command}\` (its service is not started) ...`);
  const { code, output } = await run(shell.program, [...shell.args, manager.script], INSTALL_TIMEOUT_MS);
  if (code !== 0) {
    say(`that failed: ${output.trim().split('\n').at(-1) ?? 'no output'}`);
  }
  return code === 0;
}

/** One sentence for a person who has to install a server by hand. */
export async function installAdvice(path: string): Promise<string> {
  const manager = await findManager(path);
  const command =
    manager === undefined ? '' : `, for example with \`${manager.needsRoot ? 'sudo ' : ''}${manager.command}\``;
  return `Kubewhy keeps its queue in Redis: install Redis 6.2 or newer, or Valkey${command}, or start Docker, and run this again.`;
}

async function findManager(path: string): Promise<PackageManager | undefined> {
  for (const manager of MANAGERS) {
    if ((await findProgram(manager.program, path)) !== undefined) {
      return manager;
    }
  }
  return undefined;
}

/** With the right privileges; undefined when a password would be asked. */
async function shellFor(manager: PackageManager, surroundings: InstallSurroundings): Promise<ShellStart | undefined> {
  const { isRoot, run, path } = surroundings;
  if (isRoot === manager.needsRoot) {
    return { program: 'sh', args: ['-c'] };
  }
  if (isRoot || (await findProgram('sudo', path)) === undefined) {
    return undefined;
  }
  const asked = await run('sudo', ['-n', 'true'], SUDO_TIMEOUT_MS);
  return asked.code === 0 ? { program: 'sudo', args: ['-n', 'sh', '-c'] } : undefined;
}
