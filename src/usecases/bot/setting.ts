import { mayAsk, type PolicyDecision, readableNamespaces } from '../../core/policy/reading-policy.ts';
import type { Act } from '../../ports/bot.ts';
import type { People, Person, Place } from '../../ports/people.ts';
import type { BotSettings } from './bot-deps.ts';

/** Who acts where, as the chat system knows it. */
export interface Setting {
  readonly person: Person;
  readonly place: Place;
}

/** Where a question goes when it does not say so itself. */
export interface Target {
  readonly cluster: string;
  readonly namespace: string;
}

/** The namespace that Kubernetes uses when none is named. */
const DEFAULT_NAMESPACE = 'default';

/** Looks up the person and the channel of an act. Throws CHAT_UNAVAILABLE. */
export async function settingOf(act: Pick<Act, 'user' | 'channel' | 'byBot'>, people: People): Promise<Setting> {
  const [person, place] = await Promise.all([people.person(act.user), people.place(act.channel)]);
  return { person: act.byBot === true ? { ...person, bot: true } : person, place };
}

/** The cluster (if one is usual) and namespace that a question of a channel means when it does not say. */
export function defaultTarget(
  settings: BotSettings,
  channel: string,
  setting: Setting | undefined,
): Partial<Target> & Pick<Target, 'namespace'> {
  const found =
    settings.channels.find(({ id }) => id === channel) ??
    settings.channels.find(({ id }) => id === 'direct' && setting?.place.kind === 'direct');
  const cluster = found?.cluster ?? settings.defaultCluster;
  return {
    ...(cluster === undefined ? {} : { cluster }),
    namespace: found?.namespace ?? onlyNamespace(settings, setting) ?? DEFAULT_NAMESPACE,
  };
}

/** Where only one namespace may be asked about, that one is meant. */
function onlyNamespace(settings: BotSettings, setting: Setting | undefined): string | undefined {
  const [only, ...others] = setting === undefined ? [] : readableOf(settings, setting);
  return only !== undefined && others.length === 0 && !only.includes('*') ? only : undefined;
}

/** Whether somebody may ask about a namespace of a cluster here. */
export function decide(settings: BotSettings, setting: Setting, target: Target): PolicyDecision {
  return mayAsk(settings.reading, { ...setting, ...target });
}

/** The clusters that may be named to somebody here: those with a namespace that may be asked about. */
export function visibleClusters(settings: BotSettings, setting: Setting): readonly string[] {
  return settings.clusters.filter((cluster) => readableOf(settings, setting, cluster).length > 0);
}

/** The namespaces, as patterns, that may be named to somebody here. */
export function readableOf(settings: BotSettings, { person, place }: Setting, cluster?: string): readonly string[] {
  return readableNamespaces(settings.reading, place, person, cluster);
}
