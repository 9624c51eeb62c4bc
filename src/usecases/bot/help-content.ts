import type { HelpContent, Suggestion } from '../../core/chat/content.ts';
import type { Act } from '../../ports/bot.ts';
import type { BotDeps, BotSettings } from './bot-deps.ts';
import { defaultTarget, readableOf, type Setting, visibleClusters } from './setting.ts';

/** A button may be pressed for this long. */
const SUGGESTION_SECONDS = 24 * 3600;
const MOST_SUGGESTIONS = 3;

/** What is wrong with a question, and commands that may have been meant. */
export interface Problem {
  readonly message: string;
  readonly commands: readonly string[];
}

/** Under which note the command of a suggestion is kept. */
export function suggestionNote(id: string): string {
  return `suggestion-${id}`;
}

/** The help for a person in a channel, with what is wrong with the question, if anything. */
export async function helpFor(act: Act, setting: Setting, deps: BotDeps, problem?: Problem): Promise<HelpContent> {
  const settings = deps.settings();
  const suggestions = problem === undefined ? [] : await keepSuggestions(act, problem.commands, deps);
  return {
    ...helpContent(settings, act.channel, setting),
    ...(problem === undefined ? {} : { problem: { message: problem.message, suggestions } }),
  };
}

/** The help without anything stored; it names only what that person may ask about there. */
export function helpContent(settings: BotSettings, channel: string, setting: Setting): HelpContent {
  const { cluster, namespace } = defaultTarget(settings, channel, setting);
  const { command, botName, version } = settings;
  const clusters = visibleClusters(settings, setting);
  return {
    command,
    botName,
    version,
    clusters,
    ...(cluster === undefined || !clusters.includes(cluster) ? {} : { defaultCluster: cluster }),
    ...(clusters.length === 0 ? {} : { defaultNamespace: namespace }),
    namespaces: readableOf(settings, setting),
    ...((settings.remediation?.policy.rules.length ?? 0) > 0 ? { changes: true } : {}),
  };
}

async function keepSuggestions(
  act: Act,
  commands: readonly string[],
  { ids, notes }: BotDeps,
): Promise<readonly Suggestion[]> {
  return Promise.all(
    commands.slice(0, MOST_SUGGESTIONS).map(async (command) => {
      const id = `s-${ids.derive(act.delivery, command)}`;
      await notes.write(suggestionNote(id), command, SUGGESTION_SECONDS);
      return { id, label: command.replace(/^why /, '') };
    }),
  );
}
