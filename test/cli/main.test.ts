import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const MAIN = join(import.meta.dirname, '../../src/main.ts');
const LIMIT_MS = 30_000;

describe('the process', () => {
  it(
    'ends quietly when nobody reads on',
    () => {
      const script = `"${process.execPath}" "${MAIN}" help | true; echo "\${PIPESTATUS[0]}"`;

      const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });

      expect({ stdout, stderr }).toEqual({ stdout: '0\n', stderr: '' });
    },
    LIMIT_MS,
  );

  it(
    'ends quietly on Ctrl-C',
    async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : 0;
      const kubeconfig = join(mkdtempSync(join(tmpdir(), 'kubewhy-main-')), 'config');
      const clusters = [{ name: 'c', cluster: { server: `http://127.0.0.1:${port}` } }];
      const contexts = [{ name: 'c', context: { cluster: 'c' } }];
      writeFileSync(kubeconfig, JSON.stringify({ clusters, contexts, 'current-context': 'c' }));
      const child = spawn(process.execPath, [MAIN, '__complete', 'why', '--kubeconfig', kubeconfig, 'web']);
      const said: Buffer[] = [];
      child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
      child.stderr.on('data', (chunk: Buffer) => said.push(chunk));

      await once(server, 'request');
      child.kill('SIGINT');
      const [code] = await once(child, 'close');
      server.closeAllConnections();
      server.close();
      rmSync(dirname(kubeconfig), { recursive: true });

      expect({ code, said: Buffer.concat(said).toString() }).toEqual({ code: 130, said: '' });
    },
    LIMIT_MS,
  );
});
