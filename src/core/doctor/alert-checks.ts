import { listWords } from '../facts/text.ts';
import type { AlertFacts, AlertmanagerFact } from './alert-facts.ts';
import type { Check } from './check.ts';
import { networkWords } from './network-words.ts';

const BASE = { area: 'alerts' } as const;

/** Judges what was found out about alerts; one line where none are taken. */
export function alertChecks(facts: AlertFacts): readonly Check[] {
  const taken = facts.tokensOf.length > 0 || facts.watches;
  const checks = [
    ...(taken ? [takenCheck(facts)] : []),
    ...senderChecks(facts),
    ...(taken ? channelChecks(facts) : []),
    ...peopleChecks(facts, taken),
    ...facts.alertmanagers.map(alertmanagerCheck),
    ...strayChecks(facts.strayTokens),
  ];
  return checks.length > 0 ? checks : [NOTHING];
}

const NOTHING: Check = {
  ...BASE,
  id: 'alerts.taken',
  status: 'note',
  says: 'No alerts are taken: KUBEWHY_ALERT_TOKENS holds no token, and nothing is under `alerts.watch`.',
  fix: 'docs/alerts.md shows what to set so that alerts become threads.',
};

function takenCheck({ tokensOf, watches }: AlertFacts): Check {
  const names = [...new Set(tokensOf)];
  const ways = [
    ...(names.length === 0 ? [] : [`from ${listWords(names, 10)}`]),
    ...(watches ? ['from pods that are watched'] : []),
  ];
  return { ...BASE, id: 'alerts.taken', status: 'ok', says: `Alerts are taken ${listWords(ways)}.` };
}

function senderChecks({ senders, tokensOf, limited }: AlertFacts): readonly Check[] {
  const without = senders.filter((name) => !tokensOf.includes(name));
  const unlisted = [...new Set(tokensOf)].filter((name) => !senders.includes(name));
  const refused: readonly Check[] =
    without.length === 0
      ? []
      : [
          {
            ...BASE,
            id: 'alerts.tokens',
            status: 'failure',
            says: `${listWords(without, 10)} cannot deliver alerts: KUBEWHY_ALERT_TOKENS has no token of ${without.length === 1 ? 'that name' : 'those names'}.`,
            fix: 'Add name=token there (openssl rand -hex 24), and give the sender the same token.',
          },
        ];
  const free: readonly Check[] =
    unlisted.length === 0
      ? []
      : [
          {
            ...BASE,
            id: 'alerts.senders',
            // Beside limits of others this is rather a name that is misspelt: the limit of that sender does not hold.
            status: limited ? 'warning' : 'note',
            says: `${listWords(unlisted, 10)} ${unlisted.length === 1 ? 'has a token and is' : 'have tokens and are'} not under \`alerts.senders\`: their alerts may be about every namespace.`,
            fix: 'Add the name there with its cluster and namespaces, or remove the token.',
          },
        ];
  return [...refused, ...free];
}

function strayChecks(names: readonly string[]): readonly Check[] {
  return names.length === 0
    ? []
    : [
        {
          ...BASE,
          id: 'alerts.alertmanager',
          status: 'warning',
          says: `KUBEWHY_ALERTMANAGER_TOKENS has a token of ${listWords(names, 10)}, which ${names.length === 1 ? 'is' : 'are'} not under \`alerts.alertmanagers\`.`,
          fix: 'Correct the name there or in kubewhy.yaml, or remove the token.',
        },
      ];
}

function channelChecks({ channelForAll, channels, askedIn, acknowledge }: AlertFacts): readonly Check[] {
  const nowhere: readonly Check[] = channelForAll
    ? []
    : [
        {
          ...BASE,
          id: 'alerts.channel',
          status: 'warning',
          says: 'Alerts that no route fits are shown nowhere: `alerts.channel` is not set.',
          fix: 'Set it to the ID of a channel.',
        },
      ];
  const mute = acknowledge.includes('*') ? channels.filter((channel) => !askedIn.includes(channel)) : [];
  const silent: readonly Check[] =
    mute.length === 0
      ? []
      : [
          {
            ...BASE,
            id: 'alerts.people',
            status: 'warning',
            says: `No rule under \`reading\` names ${listWords(mute, 10)}, so that nobody may check again there, nor acknowledge as one of everybody (*).`,
            fix: 'Add a rule with these channels, or name people and groups under `alerts.people.acknowledge`.',
          },
        ];
  return [...nowhere, ...silent];
}

function peopleChecks({ silence, alertmanagers }: AlertFacts, taken: boolean): readonly Check[] {
  return taken && alertmanagers.length > 0 && silence.length === 0
    ? [
        {
          ...BASE,
          id: 'alerts.people',
          status: 'note',
          says: 'Nobody may silence alerts: `alerts.people.silence` is empty.',
          fix: 'Name people (U…), user groups (S…) or * there.',
        },
      ]
    : [];
}

function alertmanagerCheck(fact: AlertmanagerFact): Check {
  const base = { ...BASE, id: 'alerts.alertmanager' } as const;
  const { name } = fact;
  switch (fact.kind) {
    case 'answered':
      return { ...base, status: 'ok', says: `Alertmanager ${name} answers: version ${fact.version}.` };
    case 'unreachable':
      return {
        ...base,
        status: 'failure',
        says: `Alertmanager ${name} cannot be reached: ${networkWords(fact.reason)}.`,
        fix: 'Check `alerts.alertmanagers` in kubewhy.yaml, the NetworkPolicy or firewall between, and whether it runs.',
      };
    case 'refused':
      return {
        ...base,
        status: 'failure',
        says: `Alertmanager ${name} does not let Kubewhy use its API: ${fact.reason}.`,
        fix:
          fact.status === 401 || fact.status === 403
            ? 'Set its token in KUBEWHY_ALERTMANAGER_TOKENS, as name=token.'
            : 'Correct its `url` in kubewhy.yaml: where its API is, without /api/v2.',
      };
    default:
      return fact satisfies never;
  }
}
