import type { HelpContent, Suggestion } from '../../../core/chat/content.ts';
import { listWords } from '../../../core/facts/text.ts';
import { ACTIONS } from './answer-frame.ts';
import { actions, button, context, section } from './blocks.ts';
import { fitBudget } from './fit-budget.ts';
import { bold, code, notificationText, prose } from './mrkdwn.ts';
import type { MessageBlock, RenderedMessage } from './rendered-message.ts';

const MOST_SUGGESTIONS = 4;
const MOST_NAMES = 8;

/** What Kubewhy does, examples, what may be asked here, and what may have been meant; at most six blocks. */
export function helpMessage(help: HelpContent): RenderedMessage {
  const problem = help.problem?.message ?? '';
  const said = `${problem === '' ? '' : `${problem} `}${PURPOSE} Try ${help.command} why web-0 -n shop.`;
  return fitBudget({
    text: notificationText(said),
    blocks: [
      ...problemBlocks(help),
      ...helpSections(help, 'help').slice(help.problem === undefined ? 0 : 1),
      context('help:context', [
        `Kubewhy ${prose(help.version)} · ${reachWord(help)} · commands do not work in threads: mention ${code(`@${help.botName}`)} there`,
      ]),
    ],
  });
}

/** Purpose, examples and reach, as the help and the App Home show them. */
export function helpSections(help: HelpContent, id: string): readonly MessageBlock[] {
  return [
    section(`${id}:purpose`, problemless(help)),
    section(
      `${id}:examples`,
      ['*Examples*', ...examples(help).map(([line, says]) => `• ${code(line)} — ${says}`)].join('\n'),
    ),
    section(`${id}:reach`, reach(help)),
  ];
}

/** Whether Kubewhy may change anything here, for the small print. */
export function reachWord({ changes }: HelpContent): string {
  return changes === true ? 'changes only what was approved' : 'read-only';
}

const PURPOSE = 'Ask why something in Kubernetes is broken, and get the cause with its evidence.';

function problemless(help: HelpContent): string {
  const reads = `Kubewhy only reads${help.clusters.length === 0 ? '' : ' clusters'}; it changes nothing`;
  const unless = help.changes === true ? ' unless somebody who is allowed to has approved exactly that change.' : '.';
  return `:mag: ${bold(PURPOSE)} ${reads}${unless}`;
}

function problemBlocks({ problem }: HelpContent): readonly MessageBlock[] {
  if (problem === undefined) {
    return [];
  }
  const shown = problem.suggestions.slice(0, MOST_SUGGESTIONS);
  const meant = shown.map(({ label }) => code(meantCommand(label))).join(' or ');
  const lead = shown.length === 0 ? '' : `\n*Did you mean* ${meant}?`;
  return [
    section('help:problem', `:grey_question: ${bold(prose(problem.message))}${lead}`),
    ...(shown.length === 0 ? [] : [actions('help:suggestions', shown.map(suggestionButton))]),
  ];
}

/** The whole command of a suggestion; the narrow buttons leave out the word that nearly all begin with. */
function meantCommand(label: string): string {
  return label === 'help' ? label : `why ${label}`;
}

function suggestionButton({ id, label }: Suggestion, index: number): ReturnType<typeof button> {
  return button({ action: `${ACTIONS.suggested}:${index}`, label, spoken: `Ask about ${label}`, value: id });
}

function examples({
  command,
  botName,
  clusters,
  defaultCluster,
  changes,
}: HelpContent): readonly (readonly [string, string])[] {
  const another = clusters.find((name) => name !== defaultCluster);
  const elsewhere: readonly (readonly [string, string])[] =
    another === undefined ? [] : [[`${command} why web-0 -n shop -c ${another}`, 'in another cluster']];
  return [
    [`${command} why web-0 -n shop`, 'a pod, or a workload of that name'],
    [`${command} why deploy/web -n shop`, 'a Deployment; short names work as in kubectl'],
    ...elsewhere,
    [`@${botName} why web-0`, 'the same by mention, also in threads'],
    ...(changes === true ? operating(command) : []),
    [`${command} help`, 'this help'],
  ];
}

/** For those whom the settings name; others are told that they may not. */
function operating(command: string): readonly (readonly [string, string])[] {
  return [
    [`${command} audit`, 'what was proposed, decided and changed'],
    [`${command} stop`, 'switches all changes off, or those of one cluster'],
    [`${command} resume`, 'switches them on again'],
  ];
}

/** What may be asked about in this channel. */
function reach({ clusters, defaultCluster, defaultNamespace, namespaces }: HelpContent): string {
  const known = clusters.length === 0 ? 'none that you may ask about' : names(clusters);
  const defaults = [
    defaultCluster === undefined ? '' : `cluster ${code(defaultCluster)}`,
    defaultNamespace === undefined ? '' : `namespace ${code(defaultNamespace)}`,
  ].filter((part) => part !== '');
  return [
    here(namespaces),
    `*Clusters* — ${known}`,
    defaults.length === 0 ? '' : `*Unless you say otherwise* — ${listWords(defaults)}`,
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function here(namespaces: readonly string[]): string {
  if (namespaces.length === 0) {
    return '*Here* — no namespace may be asked about. Ask the administrator of Kubewhy for a rule.';
  }
  const which = namespaces.includes('*') ? 'every namespace' : names(namespaces);
  return `*Here* — you may ask about ${which}. Reading needs no approval.`;
}

function names(words: readonly string[]): string {
  return listWords(words.map(code), MOST_NAMES);
}
