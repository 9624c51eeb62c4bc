/**
 * Bundles the command line into kubewhy.mjs with its chunks, the page of `kubewhy try` into `try`, and compiles the
 * playbooks, all in `dist` or the folder named.
 */
import { spawnSync } from 'node:child_process';
import { renameSync, rmSync, utimesSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { bundlePage } from './bundle-page.ts';

const ROOT = join(import.meta.dirname, '..');
const DIST = resolve(ROOT, process.argv[2] ?? 'dist');
const ENTRY = 'kubewhy';
const PLAYBOOK_COMPILER = join('src', 'app', 'build-playbooks.ts');

/** Some dependencies are CommonJS and call `require` for Node's own modules. */
const BANNER = `import { createRequire as kubewhyCreateRequire } from 'node:module';
const require = kubewhyCreateRequire(import.meta.url);`;

const startedAt = new Date();
process.chdir(ROOT);
const draft = `${DIST}.${process.pid}`;
try {
  const size = await bundle();
  await bundlePage(join(draft, 'try'));
  compilePlaybooks();
  // The entry gets the time at which the build began, so that a file saved meanwhile still counts as newer.
  utimesSync(join(draft, `${ENTRY}.mjs`), startedAt, startedAt);
  rmSync(DIST, { recursive: true, force: true });
  renameSync(draft, DIST);
  console.log(size);
} finally {
  rmSync(draft, { recursive: true, force: true });
}

/** `build-playbooks.ts` is started with the path of the file to write. */
function compilePlaybooks(): void {
  const target = join(draft, 'playbooks.json');
  const result = spawnSync(process.execPath, [PLAYBOOK_COMPILER, target], { stdio: ['ignore', 'inherit', 'inherit'] });
  if (result.status !== 0) {
    rmSync(draft, { recursive: true, force: true });
    process.exit(result.status ?? 1);
  }
}

/** Chunks, so that a start loads only what its command needs: in one file, all imports of Node's modules run at once. */
async function bundle(): Promise<string> {
  const { metafile } = await build({
    entryPoints: { [ENTRY]: 'src/main.ts' },
    outdir: draft,
    outExtension: { '.js': '.mjs' },
    splitting: true,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    treeShaking: true,
    minifyWhitespace: true,
    legalComments: 'none',
    metafile: true,
    banner: { js: BANNER },
    logLevel: 'warning',
  });
  const outputs = Object.values(metafile.outputs);
  const bytes = outputs.reduce((sum, output) => sum + output.bytes, 0);
  const inputs = Object.keys(metafile.inputs).length;
  return `${DIST}  ${(bytes / 1024).toFixed(0)} KiB in ${outputs.length} chunks from ${inputs} files`;
}
