import { usageError } from '../core/command/usage-error.ts';
import { jsonText } from '../core/render/escape.ts';
import { wrapText } from '../core/render/wrap.ts';
import type { AlertCounts } from '../ports/alert-taker.ts';
import type { CommandContext } from './context.ts';
import { EXIT } from './exit-codes.ts';

/** Options that say how a payload is read here; the bot reads it by its own settings. */
const OF_READING = ['cluster', 'from', 'context', 'kubeconfig', 'sender', 'explain', 'playbooks'] as const;

/** `kubewhy alert FILE|- --send URL`: gives a payload as it is to a running bot, and says what that did with it. */
export async function runAlertSend(path: string, address: string, { line, output }: CommandContext): Promise<number> {
  const { options } = line;
  const unused = OF_READING.find((name) => options.has(name));
  if (unused !== undefined) {
    throw usageError(`--send and --${unused} cannot be used together: the bot reads it by its own settings.`, 'alert');
  }
  const [{ sendAlerts }, { loadServiceConfig }] = await Promise.all([
    import('../app/send-alerts.ts'),
    import('../app/load-service-config.ts'),
  ]);
  const { alertToken: token } = loadServiceConfig();
  const counts = await output.waiting('sending …', () => sendAlerts({ path, address, token }));
  output.print(
    options.value('output') === 'json' ? jsonText(counts) : wrapText(countWords(counts), output.width).join('\n'),
  );
  return EXIT.healthy;
}

function countWords({ accepted, repeated, ignored, withoutChannel }: AlertCounts): string {
  const parts = [
    ...(accepted > 0 ? [`${accepted} said something new`] : []),
    ...(repeated > 0 ? [`${repeated} ${repeated === 1 ? 'was' : 'were'} known already`] : []),
    ...(ignored > 0 ? [`${ignored} ${ignored === 1 ? 'is' : 'are'} ignored by the settings`] : []),
    ...(withoutChannel > 0 ? [`${withoutChannel} dropped, because no route fits and alerts.channel is not set`] : []),
  ];
  const all = accepted + repeated + ignored + withoutChannel;
  return `the bot has taken ${all} ${all === 1 ? 'alert' : 'alerts'}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}
