import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { localClusterFolder } from './kubectl.ts';

/** However this process ends, it goes on after this. */
const LONGEST_SECONDS = 55;

/** Does something while the kube-controller-manager of the locally built cluster stands still; for less than a minute. */
export async function withoutControllers<Result>(work: () => Promise<Result>): Promise<Result> {
  const file = join(localClusterFolder(process.env), 'run', 'kube-controller-manager.pid');
  const pid = Number((await readFile(file, 'utf8')).trim());
  const guard = spawn('sh', ['-c', `sleep ${LONGEST_SECONDS}; kill -CONT ${pid}`], { detached: true, stdio: 'ignore' });
  guard.unref();
  process.kill(pid, 'SIGSTOP');
  try {
    return await work();
  } finally {
    process.kill(pid, 'SIGCONT');
    guard.kill();
  }
}
