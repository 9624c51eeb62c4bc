import { ROLES } from '../config/service-variables.ts';
import type { CommandContext } from './context.ts';

/** `kubewhy serve`: runs the bot until the process is told to end. */
export async function runServe(context: CommandContext): Promise<number> {
  const { loadServiceConfig } = await import('../app/load-service-config.ts');
  const { serve } = await import('../app/serve.ts');
  // First: it reads `.env`, which counts for the rest of the configuration as well.
  const service = loadServiceConfig();
  const { line, config } = context;
  const role = line.options.value('role');
  return serve({
    service,
    config,
    role: ROLES.find((known) => known === role),
    settingsFile: line.options.value('config'),
  });
}
