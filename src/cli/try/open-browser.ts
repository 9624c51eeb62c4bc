import { spawn } from 'node:child_process';
import { findProgram } from '../../sim/redis/find-redis.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Opens an address in the browser of the person, if there is a screen and a way to do it. */
export async function openBrowser(url: string, environment: Environment): Promise<void> {
  const opener = await findOpener(environment);
  if (opener === undefined) {
    return;
  }
  const child = spawn(opener, [url], { detached: true, stdio: 'ignore', env: { ...environment } });
  child.on('error', () => undefined);
  child.unref();
}

async function findOpener(environment: Environment): Promise<string | undefined> {
  const path = environment['PATH'] ?? '';
  if (process.platform === 'darwin') {
    return findProgram('open', path);
  }
  const screens = [environment['DISPLAY'], environment['WAYLAND_DISPLAY']];
  return screens.some((screen) => screen !== undefined && screen !== '') ? findProgram('xdg-open', path) : undefined;
}
