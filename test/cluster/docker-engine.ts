import type { RequestOptions } from 'node:http';
import { request } from 'node:http';
import { urlToHttpOptions } from 'node:url';

const PATIENCE_MS = 1500;

/** Does a Docker engine answer at DOCKER_HOST, or at the usual socket? */
export function dockerAnswers(environment: NodeJS.ProcessEnv): Promise<boolean> {
  const target = engineAddress(environment['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock');
  return new Promise((resolve) => {
    const ping = request({ ...target, path: '/_ping', timeout: PATIENCE_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ping.on('timeout', () => ping.destroy());
    ping.on('error', () => resolve(false));
    ping.end();
  });
}

function engineAddress(host: string): RequestOptions {
  const url = new URL(host);
  return url.protocol === 'unix:' ? { socketPath: url.pathname } : urlToHttpOptions(new URL(`http://${url.host}`));
}
