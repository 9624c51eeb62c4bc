import { type ChatCommand, parseChatCommand } from '../../core/command/chat-command.ts';
import { quoted } from '../../core/command/usage-error.ts';
import { nearestNames } from '../../core/facts/nearest.ts';
import { listWords } from '../../core/facts/text.ts';
import type { Question } from '../../core/question/question.ts';
import { governingNamespace } from '../../core/subject/subject.ts';
import type { Act, AskReply } from '../../ports/bot.ts';
import type { BotDeps, BotSettings } from './bot-deps.ts';
import { commandText } from './command-text.ts';
import { helpFor, type Problem } from './help-content.ts';
import { operatorCommand } from './operator-commands.ts';
import { decide, defaultTarget, readableOf, type Setting, settingOf, type Target, visibleClusters } from './setting.ts';
import { startRun } from './start-run.ts';

type WhyCommand = Extract<ChatCommand, { kind: 'why' }>;

const MINUTE = 60;

/** Understands a text, checks who may ask, and queues the question. Throws only what `unavailableReply` understands. */
export async function askQuestion(act: Act, text: string, deps: BotDeps): Promise<AskReply> {
  const command = parseChatCommand(text);
  if (command.kind === 'audit' || command.kind === 'stop' || command.kind === 'resume') {
    return operatorCommand(act, command, deps);
  }
  const setting = await settingOf(act, deps.people);
  if (command.kind === 'why') {
    return askWhy(act, command, setting, deps);
  }
  const problem = command.kind === 'help' ? undefined : { message: command.message, commands: command.suggestions };
  return { kind: 'help', help: await helpFor(act, setting, deps, problem) };
}

async function askWhy(act: Act, command: WhyCommand, setting: Setting, deps: BotDeps): Promise<AskReply> {
  const settings = deps.settings();
  const usual = defaultTarget(settings, act.channel, setting);
  const named = visibleClusters(settings, setting);
  const meant = targetOf(command, settings, { usual, named });
  if ('message' in meant && named.length > 0) {
    return { kind: 'help', help: await helpFor(act, setting, deps, meant) };
  }
  // Whoever may ask about nothing is told that, and not which clusters there are.
  const target = 'message' in meant ? { cluster: command.cluster ?? '', namespace: usual.namespace } : meant;
  const namespace = governingNamespace({ ...command.subject, namespace: target.namespace });
  const decision = decide(settings, setting, { ...target, namespace });
  if (decision.kind === 'refused') {
    return { kind: 'refused', reason: decision.reason };
  }
  const question = questionOf({ act, command, setting, target, deps });
  // Before it is counted: Slack may deliver a question again, which nobody has asked twice.
  if ((await deps.questions.read(question.id)) !== undefined) {
    return duplicate(deps);
  }
  if (await asksTooMuch(act, deps)) {
    const most = settings.questionsPerUserPerMinute;
    return { kind: 'refused', reason: `You have asked more than ${most} questions within a minute. Wait a moment.` };
  }
  return queueQuestion(question, setting, deps);
}

/** What is meant, or what is wrong with the cluster; `named` are those that may be named to the asker. */
function targetOf(
  command: WhyCommand,
  settings: BotSettings,
  { usual, named }: { readonly usual: ReturnType<typeof defaultTarget>; readonly named: readonly string[] },
): Target | Problem {
  const cluster = command.cluster ?? usual.cluster;
  if (cluster !== undefined && settings.clusters.includes(cluster)) {
    return { cluster, namespace: command.subject.namespace ?? usual.namespace };
  }
  const near = cluster === undefined ? named : nearestNames(cluster.slice(0, 100), named);
  const all = `${named.length === 1 ? 'is' : 'are'} ${listWords(named, 10)}`;
  return {
    message:
      cluster === undefined ? `Which cluster? There ${all}.` : `There is no cluster ${quoted(cluster)}; there ${all}.`,
    commands: near.map((name) => commandText({ ...command, cluster: name })),
  };
}

async function asksTooMuch(act: Act, { seen, settings }: BotDeps): Promise<boolean> {
  const asked = await seen.count(`asked-${act.team}-${act.user}`, MINUTE);
  return asked > settings().questionsPerUserPerMinute;
}

interface Parts {
  readonly act: Act;
  readonly command: WhyCommand;
  readonly setting: Setting;
  readonly target: Target;
  readonly deps: BotDeps;
}

function questionOf({ act, command, setting, target, deps }: Parts): Question {
  const { team, user, channel, thread, responseUrl, delivery } = act;
  const privately = isPrivate(setting);
  return {
    id: `q-${deps.ids.derive(team, delivery)}`,
    cluster: target.cluster,
    subject: { ...command.subject, namespace: target.namespace },
    readable: readableOf(deps.settings(), setting, target.cluster),
    asker: { team, user },
    replyTo: {
      team,
      channel,
      ...(thread === undefined ? {} : { thread }),
      ...(privately && responseUrl !== undefined ? { responseUrl } : {}),
    },
    askedAt: deps.clock.now().toISOString(),
  };
}

/** Where the bot is not, as in a direct conversation of two people, only an answer to the command itself arrives. */
function isPrivate({ place }: Setting): boolean {
  return !place.member;
}

async function queueQuestion(question: Question, setting: Setting, deps: BotDeps): Promise<AskReply> {
  const privately = isPrivate(setting);
  if (privately && question.replyTo.responseUrl === undefined) {
    return { kind: 'refused', reason: 'I am not in this channel. Invite me with `/invite`, then ask again.' };
  }
  const begun = await deps.questions.begin(question);
  if (begun.kind !== 'begun') {
    return duplicate(deps);
  }
  await startRun(question, begun, deps);
  deps.metrics.count('questions_total', { cluster: question.cluster });
  return { kind: 'asked', question, privately };
}

function duplicate({ metrics }: BotDeps): AskReply {
  metrics.count('duplicates_total', { kind: 'question' });
  return { kind: 'duplicate' };
}
