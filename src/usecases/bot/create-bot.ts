import type { HomeContent } from '../../core/chat/content.ts';
import { isKubewhyError } from '../../core/errors/kubewhy-error.ts';
import { rulesFor } from '../../core/policy/reading-policy.ts';
import type { Act, Bot } from '../../ports/bot.ts';
import { approve, prepareApproval } from './approve-remediation.ts';
import { askAboutMessage, askSuggested } from './ask-by-click.ts';
import { askQuestion } from './ask-question.ts';
import type { BotDeps } from './bot-deps.ts';
import { checkAgain, giveFeedback, kubectlCommands, showEvidence } from './clicks.ts';
import { helpContent } from './help-content.ts';
import { acknowledge, endSnooze, snooze } from './incident-clicks.ts';
import { endSilence, prepareSilence, silence } from './incident-silence.ts';
import {
  cancelRemediation,
  denyRemediation,
  dryRunRemediation,
  proposeAgain,
  remediationDetails,
} from './remediation-acts.ts';
import { homeRemediations } from './remediation-home.ts';
import { reviewFix } from './review-fix.ts';
import { type Unavailable, unavailableReply } from './unavailable-reply.ts';

/** Everything that the bot does when people speak to it. */
export function createBot(deps: BotDeps): Bot {
  const guarded = guardFor(deps);
  return {
    ask: (act, text) => guarded(act, () => askQuestion(act, text, deps)),
    askAboutMessage: (act, message) => guarded(act, () => askAboutMessage(act, message, deps)),
    askSuggested: (act, suggestion) => guarded(act, () => askSuggested(act, suggestion, deps)),
    checkAgain: (act, question) => guarded(act, () => checkAgain(act, question, deps)),
    showEvidence: (act, question) => guarded(act, () => showEvidence(act, question, deps)),
    kubectlCommands: (act, question) => guarded(act, () => kubectlCommands(act, question, deps)),
    giveFeedback: (act, question, text) => guarded(act, () => giveFeedback(act, question, text, deps)),
    acknowledge: (act, incident) => guarded(act, () => acknowledge(act, incident, deps)),
    snooze: (act, incident) => guarded(act, () => snooze(act, incident, deps)),
    endSnooze: (act, incident) => guarded(act, () => endSnooze(act, incident, deps)),
    prepareSilence: (act, incident) => guarded(act, () => prepareSilence(act, incident, deps)),
    silence: (act, incident, entry) => guarded(act, () => silence(act, { incident, entry }, deps)),
    endSilence: (act, incident, id) => guarded(act, () => endSilence(act, { incident, silence: id }, deps)),
    reviewFix: (act, question) => guarded(act, () => reviewFix(act, question, deps)),
    prepareApproval: (act, id) => guarded(act, () => prepareApproval(act, id, deps)),
    approve: (act, remediation, entry) => guarded(act, () => approve(act, { remediation, entry }, deps)),
    deny: (act, remediation, reason) => guarded(act, () => denyRemediation(act, { remediation, reason }, deps)),
    cancelRemediation: (act, id) => guarded(act, () => cancelRemediation(act, id, deps)),
    dryRun: (act, id) => guarded(act, () => dryRunRemediation(act, id, deps)),
    remediationDetails: (act, id) => guarded(act, () => remediationDetails(act, id, deps)),
    proposeAgain: (act, id) => guarded(act, () => proposeAgain(act, id, deps)),
    home: (team, user) => homeOf(team, user, deps),
    workspaceGone: async (team, reason) => {
      deps.logger.warn('the app was removed from its workspace; nothing is sent any more', { team, reason });
    },
  };
}

type Guard = <T>(act: Act, task: () => Promise<T>) => Promise<T | Unavailable>;

/** Turns failures of what the bot needs into a reply; everything else is a defect and goes on. */
function guardFor({ logger }: BotDeps): Guard {
  return async (act, task) => {
    try {
      return await task();
    } catch (error) {
      const reply = unavailableReply(error);
      if (reply === undefined) {
        throw error;
      }
      logger.warn('a request could not be served', {
        code: isKubewhyError(error) ? error.code : undefined,
        channel: act.channel,
        error,
      });
      return reply;
    }
  };
}

/** The bot's own place: what is asked there is asked in a direct message. */
const HOME = { channel: '', name: '', kind: 'direct', shared: false, archived: false, member: true } as const;

/** The App Home of a person: help as in a direct message, the clusters that a rule lets that person ask about, and changes. */
async function homeOf(team: string, user: string, deps: BotDeps): Promise<HomeContent> {
  const { settings, people, clusters, clock } = deps;
  const current = settings();
  const person = await people.person(user);
  const rules = rulesFor(current.reading, person);
  const readable = current.clusters.filter((cluster) =>
    rules.some((rule) => rule.clusters === undefined || rule.clusters.includes(cluster)),
  );
  // What a rule for a channel names is for those who are in it, which nobody knows here.
  const own = rules.filter(({ channels, users }) => channels.includes('direct') || users !== undefined);
  const namespaces = [...new Set(own.flatMap((rule) => rule.namespaces))];
  const remediations = await homeRemediations({ person, team }, deps);
  return {
    help: { ...helpContent(current, '', { person, place: HOME }), clusters: readable, namespaces },
    clusters: await clusters.statuses(readable),
    ...(remediations === undefined ? {} : { remediations }),
    at: clock.now().toISOString(),
  };
}
