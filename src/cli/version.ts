import { VERSION } from '../app/version.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';

/** `kubewhy version` */
export async function runVersion({ output }: CommandContext): Promise<number> {
  output.print(`kubewhy ${VERSION} (Node.js ${process.versions.node})`);
  return EXIT.healthy;
}
