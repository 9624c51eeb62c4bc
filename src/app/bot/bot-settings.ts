import { defaultCluster, type Settings } from '../../config/settings.ts';
import type { BotSettings } from '../../usecases/bot/bot-deps.ts';
import { remediationPolicy, remediationTimes } from './remediation-rules.ts';

/** What the bot follows, out of the settings file. */
export function botSettings(
  settings: Settings,
  facts: { readonly version: string; readonly botName: string },
): BotSettings {
  const cluster = defaultCluster(settings);
  const { slack, limits, alerts } = settings;
  return {
    ...facts,
    command: slack.command,
    clusters: settings.clusters.map(({ name }) => name),
    ...(cluster === undefined ? {} : { defaultCluster: cluster }),
    channels: settings.channels,
    reading: {
      guests: slack.guests,
      sharedChannels: slack.sharedChannels,
      botsMayAsk: slack.botsMayAsk,
      rules: settings.reading,
    },
    questionsPerUserPerMinute: limits.questionsPerUserPerMinute,
    questionExpirySeconds: limits.questionExpirySeconds,
    remediation: { policy: remediationPolicy(settings), times: remediationTimes(settings) },
    incidents: {
      acknowledge: alerts.people.acknowledge,
      silence: alerts.people.silence,
      clusterLabel: alerts.clusterLabel,
      clusterNames: alerts.clusterNames,
    },
  };
}
