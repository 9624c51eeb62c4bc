import type { ChatCommand } from '../../core/command/chat-command.ts';
import { didYouMean, quoted } from '../../core/command/usage-error.ts';
import { listWords, oneLine, shorten } from '../../core/facts/text.ts';
import { mayOperate } from '../../core/policy/remediation-people.ts';
import { slackActor } from '../../core/remediation/store-audit.ts';
import type { Act, AskReply } from '../../ports/bot.ts';
import { chainAudit } from '../remediation/chain-audit.ts';
import { auditLines } from './audit-lines.ts';
import type { BotDeps } from './bot-deps.ts';
import { isFirstClick } from './first-click.ts';
import {
  actingOrRefused,
  decided,
  nothingHere,
  type RemediationDeed,
  type RemediationParts,
  refuse,
  remediationParts,
} from './remediation-permission.ts';

/** What operators may write. */
export type OperatorCommand = Extract<ChatCommand, { readonly kind: 'audit' | 'stop' | 'resume' }>;

const EVERYWHERE = '*';
const LONGEST_REASON = 300;
const USUAL_ENTRIES = 10;
const MOST_ENTRIES = 30;
/** Entries of other clusters lie between those that are asked for. */
const LOOKED_THROUGH = 500;

/** `audit`, `stop` and `resume`, for those whom the settings name. Throws STORE_UNAVAILABLE and CHAT_UNAVAILABLE. */
export async function operatorCommand(act: Act, command: OperatorCommand, deps: BotDeps): Promise<AskReply> {
  const parts = remediationParts(deps);
  if (parts === undefined) {
    return nothingHere();
  }
  if (command.kind !== 'audit' && !(await isFirstClick(act, deps))) {
    return { kind: 'duplicate' };
  }
  const refusal = await operatorRefusal(act, command.kind, parts, deps);
  if (refusal !== undefined) {
    return refusal;
  }
  switch (command.kind) {
    case 'audit':
      return tellAudit(command, parts, deps);
    case 'stop':
      return stop(act, command, parts, deps);
    case 'resume':
      return resume(act, command, parts, deps);
    default:
      return command satisfies never;
  }
}

async function operatorRefusal(
  act: Act,
  deed: RemediationDeed,
  { policy }: RemediationParts,
  deps: BotDeps,
): Promise<AskReply | undefined> {
  const acting = await actingOrRefused(act, { deed }, deps);
  const decision = await decided(
    (groups) =>
      mayOperate(policy, { ...acting, anywhere: deed === 'stop', ...(groups === undefined ? {} : { groups }) }),
    deps,
  );
  return decision.kind === 'allowed'
    ? undefined
    : refuse(act, { deed, why: decision.why, reason: decision.reason }, deps);
}

async function tellAudit(
  { count = USUAL_ENTRIES, cluster }: Extract<OperatorCommand, { kind: 'audit' }>,
  { audit, lines, store }: RemediationParts,
  deps: BotDeps,
): Promise<AskReply> {
  if (cluster !== undefined && !deps.settings().clusters.includes(cluster)) {
    return noCluster(cluster, deps);
  }
  const most = Math.min(Math.max(count, 1), MOST_ENTRIES);
  await chainAudit({ audit, lines, store, logger: deps.logger, metrics: deps.metrics });
  const entries = (await audit.newest(cluster === undefined ? most : LOOKED_THROUGH))
    .filter((entry) => cluster === undefined || entry.cluster === cluster || entry.cluster === EVERYWHERE)
    .slice(0, most);
  const where = cluster === undefined ? '' : ` of the cluster ${quoted(cluster)}`;
  return entries.length === 0
    ? { kind: 'told', text: `The audit${where} has no entries.` }
    : {
        kind: 'told',
        text: `The newest ${entries.length === 1 ? 'entry' : `${entries.length} entries`} of the audit${where}, the newest first. \`kubewhy audit export\` has all of it.`,
        code: auditLines(entries),
      };
}

async function stop(
  act: Act,
  { words, cluster }: Extract<OperatorCommand, { kind: 'stop' }>,
  { store }: RemediationParts,
  deps: BotDeps,
): Promise<AskReply> {
  const { clusters, command } = deps.settings();
  if (cluster !== undefined && !clusters.includes(cluster)) {
    return noCluster(cluster, deps);
  }
  const [first = '', ...rest] = words;
  // A word that is no cluster is a part of the reason: then everything is stopped, which is the safe side.
  const named = cluster ?? (clusters.includes(first) ? first : undefined);
  const said = cluster === undefined && named !== undefined ? rest : words;
  const reason = shorten(oneLine(said.join(' ')), LONGEST_REASON);
  const scope = named ?? EVERYWHERE;
  await store.stop({ scope, by: slackActor(act), reason: reason === '' ? 'No reason was given.' : reason });
  deps.logger.warn('changes were switched off', { scope, user: act.user, reason });
  return {
    kind: 'told',
    text: `Changes are switched off ${placeWords(scope)}, and what waited there is blocked. What was already sent cannot be called back. \`${command} resume${named === undefined ? '' : ` ${named}`}\` switches them on again.`,
  };
}

async function resume(
  act: Act,
  { cluster }: Extract<OperatorCommand, { kind: 'resume' }>,
  { store }: RemediationParts,
  deps: BotDeps,
): Promise<AskReply> {
  const scope = cluster ?? EVERYWHERE;
  // A cluster that is not served any more may still be switched off.
  const before = await store.stopped();
  const isKnown = cluster === undefined || deps.settings().clusters.includes(cluster);
  if (!isKnown && !before.some((one) => one.scope === scope)) {
    return noCluster(cluster, deps);
  }
  const wasStopped = await store.resume(scope, slackActor(act));
  deps.logger.warn('changes were switched on', { scope, user: act.user, wasStopped });
  const others = (await store.stopped()).map((one) => one.scope);
  const still =
    others.length === 0 ? '' : ` They are still switched off ${listWords(others.map((other) => placeWords(other)))}.`;
  const done = wasStopped
    ? `Changes are switched on again ${placeWords(scope)}. What was blocked must be proposed again.`
    : `Changes were not switched off ${placeWords(scope)}; actions that were off because they did not help may be used again.`;
  return { kind: 'told', text: `${done}${still}` };
}

function placeWords(scope: string): string {
  return scope === EVERYWHERE ? 'everywhere' : `in the cluster ${quoted(scope)}`;
}

function noCluster(cluster: string, deps: BotDeps): AskReply {
  const { clusters } = deps.settings();
  const all = `${clusters.length === 1 ? 'is' : 'are'} ${listWords(clusters, 10)}`;
  return {
    kind: 'refused',
    reason: `There is no cluster ${quoted(cluster)}; there ${all}. Nothing was done.${didYouMean(cluster, clusters)}`,
  };
}
