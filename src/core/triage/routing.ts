import { quoted } from '../command/usage-error.ts';
import { matchesPattern } from '../policy/namespace-pattern.ts';
import { governingNamespace } from '../subject/subject.ts';
import { labelOf } from './alert.ts';
import type { MappedAlert } from './alert-target.ts';
import { type MuteWindow, muteAt } from './mute-window.ts';

/** Which alerts are meant; every key that is there must fit; `*` stands for any characters. */
export interface AlertMatch {
  readonly alertname?: string;
  readonly cluster?: string;
  /** Of the object, not of the exporter. */
  readonly namespace?: string;
  /** The label `severity`. */
  readonly severity?: string;
  readonly sender?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Where alerts go, and whom they call. */
export interface AlertRoute {
  readonly match: AlertMatch;
  readonly channel: string;
  /** `owner`, or the ID of a person or group. */
  readonly mention?: string;
}

/** A time in which some alerts call nobody. */
export interface AlertMute {
  readonly name: string;
  readonly match: AlertMatch;
  readonly windows: readonly MuteWindow[];
}

/** Everything that decides where an alert goes. */
export interface RoutingRules {
  /** The first that fits decides. */
  readonly routes: readonly AlertRoute[];
  /** Where everything else goes. */
  readonly channel?: string;
  /** Names of alerts that are never shown. */
  readonly ignore: readonly string[];
  readonly mute: readonly AlertMute[];
  readonly owners: {
    /** Labels or annotations that name the owner, the first one that is there decides. */
    readonly labels: readonly string[];
    /** IDs of people and groups by the name of the owner; nobody else is ever mentioned. */
    readonly ids: Readonly<Record<string, string>>;
  };
}

/** What becomes of an alert. */
export type AlertRouting =
  | { readonly kind: 'ignored'; readonly trail: readonly string[] }
  | { readonly kind: 'no-channel'; readonly owner?: string; readonly trail: readonly string[] }
  | {
      readonly kind: 'channel';
      readonly channel: string;
      /** The owner as the alert names it; hostile text. */
      readonly owner?: string;
      /** The ID of a person or group, out of the settings. */
      readonly mention?: string;
      /** The mute window that is open. */
      readonly muted?: string;
      readonly trail: readonly string[];
    };

/** Decides where an alert goes at that time. */
export function routeAlert(mapped: MappedAlert, rules: RoutingRules, now: Date): AlertRouting {
  const { alert, target } = mapped;
  const pattern = rules.ignore.find((one) => matchesPattern(one, alert.name));
  if (target.kind === 'ignored' || pattern !== undefined) {
    return { kind: 'ignored', trail: pattern === undefined ? [] : [`the settings ignore ${quoted(pattern)}`] };
  }
  const owner = ownerOf(mapped, rules);
  const index = rules.routes.findIndex(({ match }) => matches(match, mapped));
  const route = rules.routes[index];
  const channel = route?.channel ?? rules.channel;
  if (channel === undefined) {
    return {
      kind: 'no-channel',
      ...owner.found,
      trail: ['no route fits, and there is no default channel', ...owner.trail],
    };
  }
  const mention = mentionOf(route, owner.found.owner, rules);
  const mute = rules.mute.find(({ match, windows }) => matches(match, mapped) && muteAt(windows, now));
  return {
    kind: 'channel',
    channel,
    ...owner.found,
    ...mention.found,
    ...(mute === undefined ? {} : { muted: mute.name }),
    trail: [
      route === undefined ? `no route fits: default channel ${channel}` : `route ${index + 1}: channel ${channel}`,
      ...owner.trail,
      ...mention.trail,
      ...(mute === undefined ? [] : [`muted by ${mute.name}`]),
    ],
  };
}

/** Whether every key of a match fits. */
function matches(match: AlertMatch, { alert, cluster, target }: MappedAlert): boolean {
  const namespace = target.kind === 'object' ? governingNamespace(target.object) : undefined;
  const pairs: readonly (readonly [string | undefined, string | undefined])[] = [
    [match.alertname, alert.name],
    [match.cluster, cluster?.name],
    [match.namespace, namespace],
    [match.severity, labelOf(alert.labels, 'severity')],
    [match.sender, alert.sender],
    ...Object.entries(match.labels ?? {}).map(([name, pattern]) => [pattern, labelOf(alert.labels, name)] as const),
  ];
  return pairs.every(([pattern, value]) => pattern === undefined || matchesPattern(pattern, value ?? ''));
}

interface Owner {
  readonly found: { readonly owner?: string };
  readonly trail: readonly string[];
}

function ownerOf({ alert }: MappedAlert, { owners }: RoutingRules): Owner {
  for (const name of owners.labels) {
    const value = labelOf(alert.labels, name) ?? labelOf(alert.annotations, name);
    if (value !== undefined) {
      return { found: { owner: value }, trail: [`${name} names the owner ${quoted(value)}`] };
    }
  }
  return { found: {}, trail: [] };
}

interface Mention {
  readonly found: { readonly mention?: string };
  readonly trail: readonly string[];
}

/** Only IDs of the settings: an alert must not be able to call anybody. */
function mentionOf(route: AlertRoute | undefined, owner: string | undefined, { owners }: RoutingRules): Mention {
  if (route?.mention === undefined) {
    return { found: {}, trail: [] };
  }
  if (route.mention !== 'owner') {
    return { found: { mention: route.mention }, trail: [`mentions ${route.mention}`] };
  }
  const id = owner === undefined ? undefined : labelOf(owners.ids, owner);
  if (id !== undefined) {
    return { found: { mention: id }, trail: [`mentions the owner: ${id}`] };
  }
  const why = owner === undefined ? 'the alert names none' : 'the settings have no ID for it';
  return { found: {}, trail: [`mentions no owner: ${why}`] };
}
