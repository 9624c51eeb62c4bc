import { readFileSync } from 'node:fs';
import type { Material } from './connection.ts';
import { invalid } from './kubeconfig.ts';

/** The bytes that a kubeconfig gives or refers to; throws KUBECONFIG_INVALID when the file cannot be read. */
export function bytesOf(material: Material, what: string): Buffer {
  if ('base64' in material) {
    return Buffer.from(material.base64, 'base64');
  }
  try {
    return readFileSync(material.file);
  } catch (cause) {
    throw invalid(`The ${what} of the kubeconfig cannot be read from ${material.file}.`, cause);
  }
}

/** The same bytes as base64. */
export function base64Of(material: Material, what: string): string {
  return bytesOf(material, what).toString('base64');
}
