// @ts-check
// Starts the command line: builds the bundle when it is missing or older than its sources, then runs it on Node 24.
import { readdirSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import v8 from 'node:v8';
import {
  becomeNode,
  ensureDependencies,
  findNode,
  isRightNode,
  modifiedAt,
  ROOT,
  requireNode,
  runQuietly,
} from './bootstrap.mjs';

const BUNDLE = join(ROOT, 'dist', 'kubewhy.mjs');
const SOURCES = ['src', 'playbooks', 'scripts/build.ts', 'package-lock.json'];

if (findNode() === undefined) {
  ensureDependencies();
}
const node = requireNode();
if (isOutdated()) {
  ensureDependencies();
  process.stderr.write('kubewhy: building ...\n');
  runQuietly(node, [join(ROOT, 'scripts', 'build.ts')]);
}
if (isRightNode()) {
  // One question lives for a third of a second: a nursery that does not grow saves a sixth of the memory.
  v8.setFlagsFromString('--semi-space-growth-factor=1');
  module.enableCompileCache(join(ROOT, 'dist', '.compile-cache'));
  await import(pathToFileURL(BUNDLE).href);
} else {
  becomeNode(node, process.argv.slice(1));
}

/** An installed copy without sources is never outdated. */
function isOutdated() {
  const built = modifiedAt(BUNDLE);
  return built === 0 || SOURCES.some((source) => isNewer(join(ROOT, source), built));
}

/**
 * Folders count as well: their time changes when a file is removed from them.
 * @param {string} path
 * @param {number} than
 * @returns {boolean}
 */
function isNewer(path, than) {
  if (modifiedAt(path) > than) {
    return true;
  }
  return entries(path).some((name) => isNewer(join(path, name), than));
}

/** @param {string} path */
function entries(path) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
