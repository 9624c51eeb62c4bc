import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startClusterSim } from '../../src/sim/cluster/cluster-sim.ts';
import { type RunningTry, removeFolder, runTry, untilNothingIsLeft } from './run-try.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');
const REDIS = ['redis-server', 'valkey-server'].some((name) => spawnSync(name, ['--version']).status === 0);

async function started(port: number | string = 0, kubeconfig?: string): Promise<RunningTry> {
  const run = await runTry(['--port', `${port}`], kubeconfig);
  onTestFinished(() => removeFolder(run));
  return run;
}

/** What the page shows first. */
async function stateOf({ url }: RunningTry): Promise<{ readonly banner: string; readonly suggestions: string[] }> {
  const response = await fetch(`${url}/page-api/state`);
  return (await response.json()) as { banner: string; suggestions: string[] };
}

/** A kubeconfig for a cluster with one of the recorded incidents, or for one that does not answer. */
async function kubeconfigOf(answers: boolean): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'kubewhy-kubeconfig-'));
  const cluster = await startClusterSim({ recordings: [join(EXAMPLES, 'incident-c-misspelt')] });
  await cluster.writeKubeconfig(join(folder, 'config'));
  if (!answers) {
    await cluster.close();
  }
  onTestFinished(async () => {
    rmSync(folder, { recursive: true });
    await cluster.close();
  });
  return join(folder, 'config');
}

describe.skipIf(!REDIS)('`npm run try`', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ends in order on %s and leaves nothing', async (signal) => {
    const run = await started();

    const code = await run.end(signal);

    expect({ code, left: run.leftovers() }).toEqual({ code: 0, left: [] });
  });

  it('leaves nothing when it is killed', async () => {
    const run = await started();

    await run.end('SIGKILL');

    expect(await untilNothingIsLeft(run)).toEqual([]);
  });

  it('takes another port when the wanted one is taken', async () => {
    const other = createServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;

    const run = await started(port);

    expect({ other: run.url !== `http://127.0.0.1:${port}`, ok: (await fetch(run.url)).status }).toEqual({
      other: true,
      ok: 200,
    });
  });

  it('asks the cluster of the kubeconfig, and suggests what is broken there', async () => {
    const run = await started(0, await kubeconfigOf(true));

    const { banner, suggestions } = await stateOf(run);

    expect({ banner, suggestions }).toEqual({
      banner: 'Your current kubeconfig context sim, read only.',
      suggestions: ['/k8s why checkout-66c99679cf-92ns7 -n shop'],
    });
  });

  it('takes alerts at the address that it prints, and tells the page no token', async () => {
    const run = await started(0, await kubeconfigOf(true));
    const [, token = '', url = ''] =
      /KUBEWHY_ALERT_TOKEN=(\w+) kubewhy alert FILE --send (\S+)/.exec(run.printed()) ?? [];

    const taken = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: await readFile(join(EXAMPLES, 'alerts', 'incident-a.json')),
    });

    const state = await (await fetch(`${run.url}/page-api/state`)).text();
    expect({
      taken: await taken.json(),
      command: state.includes(`--send ${url}`),
      token: state.includes(token),
    }).toEqual({ taken: { accepted: 6, repeated: 0, ignored: 0, withoutChannel: 0 }, command: true, token: false });
  });

  it('serves recorded incidents when the cluster does not answer, and says so', async () => {
    const run = await started(0, await kubeconfigOf(false));

    const { banner } = await stateOf(run);

    expect({ recorded: banner.startsWith('Three recorded'), said: run.printed().includes('does not answer') }).toEqual({
      recorded: true,
      said: true,
    });
  });

  it('serves its page with a policy that lets nothing else run', async () => {
    const run = await started();

    const response = await fetch(run.url);

    expect(response.headers.get('content-security-policy'), response.statusText).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
  });
});
