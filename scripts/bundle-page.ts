/** Bundles the page of `kubewhy try`; `node scripts/bundle-page.ts FOLDER` writes it alone. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const PAGE = join(import.meta.dirname, '..', 'src', 'sim', 'slack', 'page');

/** Writes everything that the browser loads into the folder: it needs no network. */
export async function bundlePage(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: ['page.tsx', 'page.css'].map((name) => ({ in: join(PAGE, name), out: 'page' })),
    outdir: folder,
    bundle: true,
    platform: 'browser',
    target: ['es2022', 'chrome114', 'firefox120', 'safari16.4'],
    format: 'esm',
    jsx: 'automatic',
    minify: true,
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'warning',
  });
  copyFileSync(join(PAGE, 'index.html'), join(folder, 'index.html'));
}

if (import.meta.main) {
  await bundlePage(process.argv[2] ?? join('dist', 'try'));
}
