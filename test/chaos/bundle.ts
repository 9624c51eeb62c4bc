import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '../..');
const BANNER = `import { createRequire as chaosCreateRequire } from 'node:module';
const require = chaosCreateRequire(import.meta.url);`;

/** Where the programs of a run are. */
export interface Programs {
  readonly bot: string;
  readonly lane: string;
}

/** Puts the bots and the lanes of this run into one folder, as the sources are now, with the playbooks compiled. */
export async function bundle(folder: string): Promise<Programs> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: { bot: 'test/chaos/bot-main.ts', lane: 'test/chaos/lane.ts' },
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    splitting: true,
    bundle: true,
    minifyWhitespace: true,
    minifySyntax: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    treeShaking: true,
    banner: { js: BANNER },
    logLevel: 'warning',
    external: ['@testcontainers/k3s'],
  });
  const compiler = join(ROOT, 'src/app/build-playbooks.ts');
  const result = spawnSync(process.execPath, [compiler, join(folder, 'playbooks.json')], { encoding: 'utf8' });
  if (result.status !== 0) {
    throw new Error(`the playbooks could not be compiled:\n${result.stderr}`);
  }
  return { bot: join(folder, 'bot.mjs'), lane: join(folder, 'lane.mjs') };
}
