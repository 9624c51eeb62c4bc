/**
 * `npm run lockfile`: adds the platform packages that the lockfile lacks.
 *
 * Tools with native code list one optional package for each platform. A registry mirror that does not carry all of
 * them makes npm leave some out of the lockfile, and `npm ci` then refuses the lockfile. Run this after
 * `npm install` when `npm ci` says "Missing: ... from lock file".
 */
import { readFileSync, writeFileSync } from 'node:fs';

const LOCKFILE = 'package-lock.json';
const SYSTEMS = /(?<=[/-])(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)(?=-)/;
const CPUS = /-(arm64|arm|ia32|loong64|mips64el|ppc64|riscv64|s390x|x64|wasm32)(?=-|$)/;

interface Entry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface PlatformEntry extends Entry {
  readonly cpu: readonly string[];
  readonly os: readonly string[];
  readonly libc?: readonly string[];
  readonly optional: true;
}

interface Lockfile {
  readonly packages: Record<string, Entry>;
}

const lockfile = JSON.parse(readFileSync(LOCKFILE, 'utf8')) as Lockfile;
const missing = Object.values(lockfile.packages).flatMap((owner) => missingOf(owner, lockfile.packages));
for (const [name, entry] of missing) {
  lockfile.packages[`node_modules/${name}`] = entry;
}
const sorted = Object.entries(lockfile.packages).toSorted(([left], [right]) => left.localeCompare(right, 'en'));
writeFileSync(LOCKFILE, `${JSON.stringify({ ...lockfile, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
console.log(`${missing.length} platform packages added to ${LOCKFILE}`);

/** Only exact versions are platform packages; a range is an ordinary optional dependency. */
function missingOf(owner: Entry, packages: Readonly<Record<string, Entry>>): [string, Entry][] {
  return Object.entries(owner.optionalDependencies ?? {})
    .filter(([name, version]) => packages[`node_modules/${name}`] === undefined && /^\d/.test(version))
    .map(([name, version]) => [name, platformEntry(name, version, owner.dev === true)]);
}

/** The name of a platform package says where it runs, as in `@scope/tool-linux-x64-musl`. */
function platformEntry(name: string, version: string, dev: boolean): PlatformEntry {
  const system = SYSTEMS.exec(name)?.[1];
  const cpu = CPUS.exec(name)?.[1];
  if (system === undefined || cpu === undefined) {
    throw new Error(`${name} is missing in ${LOCKFILE}, and its name does not tell its platform`);
  }
  const libc = name.includes('musl') ? { libc: ['musl'] } : {};
  return { version, cpu: [cpu], ...(dev ? { dev } : {}), ...libc, optional: true, os: [system] };
}
