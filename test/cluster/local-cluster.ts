import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram, localClusterFolder } from './kubectl.ts';

const run = promisify(execFile);
const LAB = join(import.meta.dirname, 'lab');
const PROGRAMS = ['containerd', 'ctr', 'runc', 'iptables', 'conntrack', 'openssl', 'ip', 'flock'];
const FILES = ['/usr/lib/cni/bridge', '/usr/lib/cni/portmap', '/bin/nc.traditional'];

export interface LocalCluster {
  readonly kubeconfig: string;
  /** Whether this call started it; a cluster that ran before is somebody else's to stop. */
  readonly started: boolean;
}

/** What this machine lacks for the locally built cluster; empty when it can run. */
export function missingForLocalCluster(environment: NodeJS.ProcessEnv): readonly string[] {
  if (process.platform !== 'linux') {
    return ['Linux'];
  }
  const programs = PROGRAMS.filter((name) => findProgram(name, environment) === undefined);
  const files = FILES.filter((path) => !existsSync(path));
  const root = process.getuid?.() === 0 ? [] : ['root'];
  const built = existsSync(join(localClusterFolder(environment), 'bin', 'local-path-provisioner'));
  const compiler = built || findProgram('go', environment) !== undefined ? [] : ['go'];
  return [...root, ...compiler, ...programs, ...files];
}

/** Builds what is missing, which takes minutes the first time, and starts the cluster unless it runs already. */
export async function startLocalCluster(): Promise<LocalCluster> {
  const running = await labSucceeds('status');
  const output = await lab('up');
  return { kubeconfig: output.trim().split('\n').at(-1) ?? '', started: !running };
}

export async function stopLocalCluster(): Promise<void> {
  await lab('down');
}

async function labSucceeds(script: string): Promise<boolean> {
  try {
    await run(join(LAB, script), []);
    return true;
  } catch {
    return false;
  }
}

/** Progress goes to our own standard error, so that a long build is seen. */
function lab(script: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(LAB, script), [], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, KUBEWHY_NODE: process.execPath },
    });
    const output: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) {
        resolve(Buffer.concat(output).toString());
      } else {
        reject(new Error(`lab/${script} ended with ${code}; its output is above.`));
      }
    });
  });
}
