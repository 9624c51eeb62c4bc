import { finish, quietInterrupt, standardOutput } from './cli/output.ts';
import { runCommandLine } from './cli/run.ts';
import { readConfig } from './config/config.ts';
import type { CompiledPlaybook } from './core/playbook/compiled.ts';

quietInterrupt();
const output = standardOutput(readColumns());
await finish(await runCommandLine(process.argv.slice(2), { output, readConfig, loadPlaybooks }));

/** Most commands need no playbooks. */
async function loadPlaybooks(folders: readonly string[]): Promise<readonly CompiledPlaybook[]> {
  const { loadAllPlaybooks } = await import('./app/playbooks.ts');
  return loadAllPlaybooks(folders);
}

/** A wrong environment is reported by the command, which still needs a width for that. */
function readColumns(): number | undefined {
  try {
    return readConfig().columns;
  } catch {
    return undefined;
  }
}
