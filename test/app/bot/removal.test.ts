import { expect, it } from 'vitest';
import { watchRemoval } from '../../../src/app/bot/removal.ts';
import type { Bot } from '../../../src/ports/bot.ts';

it('stops the sending once when the app was removed, and says how', async () => {
  const told: string[] = [];
  const refused = async () => ({ kind: 'refused', reason: '' }) as const;
  const bot: Bot = {
    ask: refused,
    askAboutMessage: refused,
    askSuggested: refused,
    checkAgain: refused,
    showEvidence: refused,
    kubectlCommands: refused,
    giveFeedback: refused,
    acknowledge: refused,
    snooze: refused,
    endSnooze: refused,
    prepareSilence: refused,
    silence: refused,
    endSilence: refused,
    reviewFix: refused,
    prepareApproval: refused,
    approve: refused,
    deny: refused,
    cancelRemediation: refused,
    dryRun: refused,
    remediationDetails: refused,
    proposeAgain: refused,
    home: () => Promise.reject(new Error('not asked for')),
    workspaceGone: async (_team, reason) => void told.push(reason),
  };
  const stops: string[] = [];
  const removal = watchRemoval(bot, async () => void stops.push('stopped'));
  const before = removal.gone();

  await removal.bot.workspaceGone('T1', 'The app was uninstalled.');
  await removal.bot.workspaceGone('T1', 'The tokens of the app were revoked.');

  expect([before, removal.gone()]).toEqual([undefined, 'The app was uninstalled.']);
  expect(told).toEqual(['The app was uninstalled.', 'The tokens of the app were revoked.']);
  expect(stops).toEqual(['stopped']);
});
