import { APP_TOKEN_SCOPE, SLACK_SCOPES, type SlackScope } from '../chat/slack-scopes.ts';
import { listWords } from '../facts/text.ts';
import type { Check } from './check.ts';
import { clockCheck } from './clock-check.ts';
import { networkWords } from './network-words.ts';
import type { AppTokenFact, BotTokenFact, ChannelFact, SlackFacts, SlackFault, UserGroupFact } from './slack-facts.ts';

/** How Slack is spoken to, as far as the checks depend on it. */
export interface SlackWanted {
  readonly mode: 'socket' | 'http';
  /** How many signing secrets are set. */
  readonly signingSecrets: number;
  readonly sharedChannels: 'refuse' | 'allow';
  /** Channels in which incidents are shown: without the bot in them nobody sees any. */
  readonly incidentChannels: readonly string[];
  /** User groups that may do something to changes; the others may do something to incidents. */
  readonly changeGroups?: readonly string[];
}

/** Judges what was found out about Slack. */
export function slackChecks(facts: SlackFacts, wanted: SlackWanted): readonly Check[] {
  return [
    ...botChecks(facts.bot),
    wanted.mode === 'socket' ? appCheck(facts.app) : signingCheck(wanted.signingSecrets),
    ...channelChecks(facts, wanted),
    ...facts.groups.flatMap((group) => groupChecks(group, wanted)),
  ];
}

function botChecks(bot: BotTokenFact | undefined): readonly Check[] {
  const base = { area: 'slack', id: 'slack.token' } as const;
  if (bot === undefined) {
    return [
      {
        ...base,
        status: 'skipped',
        says: 'Not configured: SLACK_BOT_TOKEN is not set.',
        fix: 'Set it to the Bot User OAuth Token (Slack app, OAuth & Permissions); docs/slack-setup.md shows every step.',
      },
    ];
  }
  if (bot.kind !== 'valid') {
    return [
      { ...base, status: 'failure', says: `The bot token cannot be used: ${faultWords(bot)}.`, fix: tokenFix(bot) },
    ];
  }
  return [
    { ...base, status: 'ok', says: `The bot token is valid: ${bot.bot} in workspace ${bot.team}.` },
    scopeCheck(bot.scopes),
    ...(bot.clockSkewMs === undefined ? [] : [clockCheck('slack', 'Slack', bot.clockSkewMs)]),
  ];
}

function tokenFix(fault: SlackFault): string {
  return fault.kind === 'unreachable'
    ? 'Check the way to slack.com: DNS, firewall, and a proxy (HTTPS_PROXY together with NODE_USE_ENV_PROXY=1).'
    : 'Install the app into the workspace again (Slack app, OAuth & Permissions) and copy the Bot User OAuth Token into SLACK_BOT_TOKEN.';
}

function scopeCheck(scopes: readonly string[] | undefined): Check {
  const base = { area: 'slack', id: 'slack.scopes' } as const;
  if (scopes === undefined) {
    return { ...base, status: 'skipped', says: 'Slack did not say which scopes the token has.' };
  }
  const missing = SLACK_SCOPES.filter(({ scope }) => !scopes.includes(scope));
  if (missing.length === 0) {
    return { ...base, status: 'ok', says: 'The token has every scope that Kubewhy uses.' };
  }
  const required = missing.filter(({ optional }) => optional !== true);
  return {
    ...base,
    status: required.length > 0 ? 'failure' : 'warning',
    says: `The token lacks ${listWords(
      missing.map(({ scope }) => scope),
      20,
    )}: ${withoutWords(missing)}.`,
    fix: 'Paste deploy/slack-manifest.yaml into the manifest of the app (api.slack.com/apps, App Manifest), then install the app again.',
  };
}

function withoutWords(missing: readonly SlackScope[]): string {
  return [...new Set(missing.map(({ without }) => without))].join('; ');
}

function appCheck(app: AppTokenFact | undefined): Check {
  const base = { area: 'slack', id: 'slack.app-token' } as const;
  const howTo = `Make one with the scope ${APP_TOKEN_SCOPE} (Slack app, Basic Information, App-Level Tokens), switch on Socket Mode, and set SLACK_APP_TOKEN to it.`;
  if (app === undefined) {
    return { ...base, status: 'skipped', says: 'Not configured: SLACK_APP_TOKEN is not set.', fix: howTo };
  }
  return app.kind === 'valid'
    ? { ...base, status: 'ok', says: 'The app-level token opens Socket Mode.' }
    : {
        ...base,
        status: 'failure',
        says: `The app-level token does not open Socket Mode: ${faultWords(app)}.`,
        fix: app.kind === 'unreachable' ? tokenFix(app) : howTo,
      };
}

function signingCheck(count: number): Check {
  const base = { area: 'slack', id: 'slack.signing-secret' } as const;
  return count === 0
    ? {
        ...base,
        status: 'skipped',
        says: 'Not configured: SLACK_SIGNING_SECRET is not set.',
        fix: 'Set it to the Signing Secret (Slack app, Basic Information); HTTP mode tells by it that a request is from Slack.',
      }
    : {
        ...base,
        status: 'ok',
        says: `${count === 1 ? 'A signing secret is' : `${count} signing secrets are`} set; only a request of Slack shows whether it is the right one.`,
      };
}

function channelChecks({ channels, leftOut }: SlackFacts, wanted: SlackWanted): readonly Check[] {
  const base = { area: 'slack', id: 'slack.channel' } as const;
  const bad = channels.flatMap((channel) => {
    const found = channelProblem(channel, wanted);
    return found === undefined ? [] : [{ ...base, ...found }];
  });
  const fine = channels.length - bad.length;
  const good: readonly Check[] =
    fine === 0
      ? []
      : [
          {
            ...base,
            status: 'ok',
            says: `The bot is a member of ${fine === 1 ? 'one channel' : `${fine} channels`} of the settings.`,
          },
        ];
  const rest: readonly Check[] =
    leftOut === 0
      ? []
      : [{ ...base, status: 'note', says: `${leftOut} more channels of the settings were not looked at.` }];
  return [...good, ...bad, ...rest];
}

type ChannelProblem = Pick<Check, 'status' | 'says' | 'fix'>;

function channelProblem(channel: ChannelFact, wanted: SlackWanted): ChannelProblem | undefined {
  if (channel.kind === 'unknown') {
    return unknownChannel(channel.id, channel.fault);
  }
  const name = `#${channel.name} (${channel.id})`;
  if (channel.archived || !channel.member) {
    return wanted.incidentChannels.includes(channel.id) ? incidentProblem(name, channel) : askingProblem(name, channel);
  }
  return channel.shared && wanted.sharedChannels === 'refuse'
    ? {
        status: 'warning',
        says: `${name} is shared with another organisation, so questions there are refused.`,
        fix: 'Use a channel of this workspace, or set `slack.sharedChannels: allow`: the other organisation reads the answers.',
      }
    : undefined;
}

function unknownChannel(id: string, fault: SlackFault): ChannelProblem {
  const hidden = fault.kind === 'refused' && fault.code === 'channel_not_found';
  return {
    status: 'failure',
    says: `Channel ${id} of the settings: ${faultWords(fault)}.`,
    fix: hidden
      ? 'Correct the ID in kubewhy.yaml; if the channel is private, invite the bot there (/invite).'
      : 'Try again; if it stays, check the token and its scopes.',
  };
}

function askingProblem(name: string, { archived }: { readonly archived: boolean }): ChannelProblem {
  return archived
    ? { status: 'warning', says: `${name} is archived.`, fix: 'Remove it from kubewhy.yaml, or restore it.' }
    : {
        status: 'warning',
        says: `The bot is not a member of ${name}: only the person who asks sees the answer.`,
        fix: 'Type /invite and the name of the bot in the channel.',
      };
}

function incidentProblem(name: string, { archived }: { readonly archived: boolean }): ChannelProblem {
  return archived
    ? {
        status: 'failure',
        says: `${name} is archived, so incidents go to \`alerts.fallbackChannel\`, if that is set, or nowhere.`,
        fix: 'Name another channel under `alerts` in kubewhy.yaml, or restore it.',
      }
    : {
        status: 'failure',
        says: `The bot is not a member of ${name}, so no incident can be shown there.`,
        fix: 'Type /invite and the name of the bot in the channel.',
      };
}

function groupChecks(group: UserGroupFact, { changeGroups = [] }: SlackWanted): readonly Check[] {
  const named = `${group.id} of \`${changeGroups.includes(group.id) ? 'remediation' : 'alerts.people'}\``;
  const base = { area: 'slack', id: 'slack.group' } as const;
  if (group.kind === 'unknown') {
    const gone = group.fault.kind === 'refused' && group.fault.code === 'no_such_subteam';
    const says = `User group ${named} allows nobody anything: ${faultWords(group.fault)}.`;
    return [
      {
        ...base,
        status: 'failure',
        says,
        fix: gone
          ? 'Correct the ID in kubewhy.yaml, or enable the group in Slack.'
          : 'Check that the token has the scope usergroups:read, and try again.',
      },
    ];
  }
  return group.people > 0
    ? [{ ...base, status: 'ok', says: `User group ${named} was found.` }]
    : [
        {
          ...base,
          status: 'warning',
          says: `User group ${named} has no members.`,
          fix: 'Add people to it in Slack, or name another one in kubewhy.yaml.',
        },
      ];
}

function faultWords(fault: SlackFault): string {
  return fault.kind === 'refused'
    ? `Slack says ${fault.code}`
    : `Slack cannot be reached: ${networkWords(fault.reason)}`;
}
