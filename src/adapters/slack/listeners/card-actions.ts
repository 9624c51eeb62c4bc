import type { App } from '@slack/bolt';
import { listAt, textAt } from '../fields.ts';
import { ACTIONS, MENU } from '../messages/answer-frame.ts';
import { openFeedback } from './feedback.ts';
import { incidentHandler } from './incident-actions.ts';
import type { ListenerDeps } from './listener-deps.ts';
import { clickOrigin, homeOrigin, type Origin } from './origin.ts';
import { remediationHandler } from './remediation-actions.ts';
import { tellAskReply, tellClickReply, tellNotice } from './tell.ts';

/** A click on a button or a choice in a menu. */
interface Click {
  readonly origin: Origin;
  readonly body: unknown;
  readonly value: string;
}

type Handle = (deps: ListenerDeps, click: Click) => Promise<void>;

const QUESTION_ID = /^q-[a-z0-9]{16}$/;
const SUGGESTION_ID = /^[\w:.-]{1,64}$/;
const OLD_BUTTON = 'This button is from an older version of Kubewhy. Ask again.';

/** The buttons and menus of answers, suggestions, incidents and changes; what is not known says so. */
export function listenToActions(app: App, deps: ListenerDeps): void {
  app.action(/./, async ({ body, ack }) => {
    await ack();
    const origin = clickOrigin(body, deps.identity.team) ?? homeOrigin(body, deps.identity.team);
    if (origin === undefined) {
      return;
    }
    const [action] = listAt(body, 'actions');
    const value = textAt(action, 'value') ?? textAt(action, 'selected_option', 'value') ?? '';
    const handle = handlerOf(textAt(action, 'action_id') ?? '', value);
    await handle(deps, { origin, body, value });
  });
}

function handlerOf(action: string, value: string): Handle {
  const known = incidentHandler(action, value) ?? remediationHandler(action, value);
  if (known !== undefined) {
    return known;
  }
  if (action.startsWith(`${ACTIONS.suggested}:`) && SUGGESTION_ID.test(value)) {
    return askSuggested;
  }
  if (action === ACTIONS.more) {
    return menuHandler(value);
  }
  if (!QUESTION_ID.test(value)) {
    return sayOld;
  }
  if (action === ACTIONS.recheck) {
    return checkAgain;
  }
  return action === ACTIONS.evidence ? showEvidence : sayOld;
}

function menuHandler(value: string): Handle {
  const [entry = '', questionId = '', ...rest] = value.split(':');
  if (!QUESTION_ID.test(questionId) || rest.length > 0) {
    return sayOld;
  }
  if (entry === MENU.kubectl) {
    return async (deps, { origin }) => {
      await tellClickReply(deps, origin, await deps.bot.kubectlCommands(origin.act, questionId));
    };
  }
  return entry === MENU.wrong ? (deps, { origin, body }) => openFeedback(deps, origin, { body, questionId }) : sayOld;
}

async function askSuggested(deps: ListenerDeps, { origin, value }: Click): Promise<void> {
  await tellAskReply(deps, origin, await deps.bot.askSuggested(origin.act, value));
}

async function checkAgain(deps: ListenerDeps, { origin, value }: Click): Promise<void> {
  await tellClickReply(deps, origin, await deps.bot.checkAgain(origin.act, value));
}

async function showEvidence(deps: ListenerDeps, { origin, value }: Click): Promise<void> {
  await tellClickReply(deps, origin, await deps.bot.showEvidence(origin.act, value));
}

async function sayOld(deps: ListenerDeps, { origin }: Click): Promise<void> {
  await tellNotice(deps, origin, { text: OLD_BUTTON });
}
