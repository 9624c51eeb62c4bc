// @ts-check
// `node scripts/run.mjs scripts/NAME.ts [args]`: installs the dependencies if needed, then runs the script on Node 24.
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { becomeNode, ensureDependencies, isRightNode, ROOT, requireNode } from './bootstrap.mjs';

const [script = '', ...args] = process.argv.slice(2);
const path = join(ROOT, script);
ensureDependencies();
const node = requireNode();
process.chdir(ROOT);
// Tools that the script starts through `#!/usr/bin/env node` must find the same Node.
process.env.PATH = [dirname(node), process.env.PATH].join(delimiter);
if (isRightNode()) {
  process.argv = [node, path, ...args];
  await import(pathToFileURL(path).href);
} else {
  becomeNode(node, [path, ...args]);
}
