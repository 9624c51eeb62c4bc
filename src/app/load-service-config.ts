import { readFileSync } from 'node:fs';
import { loadEnvFile } from '../config/env-file.ts';
import { readServiceConfig, type ServiceConfig } from '../config/service-config.ts';

/**
 * The configuration of `serve` and `doctor`, from the environment, a `.env` file in the current folder and the files
 * that `…_FILE` variables name. Call it before the other configuration is read: `.env` adds to both. Throws
 * CONFIG_INVALID.
 */
export function loadServiceConfig(): ServiceConfig {
  loadEnvFile('.env');
  return readServiceConfig((path) => readFileSync(path, 'utf8'));
}
