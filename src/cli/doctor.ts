import { verdictOf } from '../core/doctor/check.ts';
import { renderReport, reportDocument } from '../core/doctor/render-report.ts';
import { jsonText } from '../core/render/escape.ts';
import { usesColor } from './color.ts';
import type { CommandContext } from './context.ts';

const EXIT_BY_VERDICT = { good: 0, warnings: 1, failures: 2 } as const;

/** `kubewhy doctor`: examines what the bot needs, says what to do, and tells by the exit code how it is. */
export async function runDoctorCommand(context: CommandContext): Promise<number> {
  const { line, output, loadPlaybooks } = context;
  const { runDoctor } = await import('../app/doctor/run-doctor.ts');
  const { loadServiceConfig } = await import('../app/load-service-config.ts');
  const checks = await output.waiting('examining …', () =>
    runDoctor({
      readServiceConfig: loadServiceConfig,
      readConfig: () => context.config,
      loadPlaybooks,
      settingsFile: line.options.value('config'),
    }),
  );
  output.print(reportText(context, checks));
  return EXIT_BY_VERDICT[verdictOf(checks)];
}

function reportText(context: CommandContext, checks: Parameters<typeof renderReport>[0]): string {
  const { line, output } = context;
  if (line.options.value('output') === 'json') {
    return jsonText(reportDocument(checks));
  }
  // A wrong environment is one of the findings and must not hide them.
  const color = usesColor(line.options, { color: wantedColor(context) }, output);
  return renderReport(checks, { width: output.width, color });
}

function wantedColor(context: CommandContext): boolean | undefined {
  try {
    return context.config.color;
  } catch {
    return false;
  }
}
