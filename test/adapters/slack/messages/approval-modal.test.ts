import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { approvalModal, approvalNote } from '../../../../src/adapters/slack/messages/approval-modal.ts';
import { denialModal } from '../../../../src/adapters/slack/messages/denial-modal.ts';
import type { Tier } from '../../../../src/adapters/slack/messages/rendered-message.ts';
import type { ApprovalForm } from '../../../../src/ports/bot.ts';
import type { SlackObject } from '../../../../src/sim/slack/store/records.ts';
import { viewOverCaps } from '../../../../src/sim/slack/validation/caps.ts';
import { checkView } from '../../../../src/sim/slack/validation/view.ts';
import { hostileText } from './hostile.ts';
import { lockPlan, planWith, REMEDIATION_ID } from './remediation-contents.ts';
import { referencesOf } from './scan-mrkdwn.ts';

const TIERS: readonly Tier[] = ['rich', 'classic', 'plain'];
const PLACE = `${REMEDIATION_ID}:${'a'.repeat(64)},C0SHOP001,1795171200.000100`;

function formOf({ words, cluster, tier, approval }: ReturnType<typeof planWith>): ApprovalForm {
  const { confirm, reasonRequired } = approval;
  return {
    remediation: REMEDIATION_ID,
    digest: 'a'.repeat(64),
    words,
    cluster,
    tier,
    ...(confirm === undefined ? {} : { confirm }),
    reasonRequired,
  };
}

function blocksOf(view: { readonly blocks: readonly unknown[] }): readonly SlackObject[] {
  return JSON.parse(JSON.stringify(view.blocks)) as readonly SlackObject[];
}

function problemsOf(view: ReturnType<typeof approvalModal>): readonly unknown[] {
  const blocks = blocksOf(view);
  return [
    ...checkView(view, 'modal'),
    ...viewOverCaps(JSON.parse(JSON.stringify(view)) as SlackObject, blocks),
    ...referencesOf({ text: '', blocks: [...view.blocks] as never }),
  ];
}

describe('the window for an approval', () => {
  it('warns of what cannot be undone, asks for the name and a reason', () => {
    const view = approvalModal(formOf(lockPlan()), PLACE, 'rich');

    expect(view.title.text).toBe('Approve fix');
    expect(view.submit?.text).toBe('Approve and run');
    expect(view.private_metadata).toBe(PLACE);
    expect(view.blocks.map(({ type, block_id: id }) => `${type} ${id ?? ''}`)).toEqual([
      'alert approval-alert',
      'section approval-about',
      'section approval-run',
      'rich_text approval-commands',
      'section approval-facts',
      'input approval-confirm',
      'input approval-reason',
    ]);
    expect(view.blocks[0]).toMatchObject({ level: 'error', text: { text: expect.stringContaining('two machines') } });
    expect(view.blocks[1]).toMatchObject({
      text: { text: '*Remove the stale lock of RBD image replicapool/csi-vol-3f2a*\non cluster `prod-eu-1`' },
    });
    expect(view.blocks[5]).toMatchObject({ label: { text: 'Type replicapool/csi-vol-3f2a to confirm' } });
    expect(view.blocks[6]).toMatchObject({ optional: false });
  });

  it.each(TIERS)('runs nothing while more approvals follow, and says so: %s', (tier) => {
    const view = approvalModal(
      { ...formOf(lockPlan()), more: 'One more approval is needed after yours.' },
      PLACE,
      tier,
    );

    expect(view.submit?.text).toBe('Approve');
    expect(view.blocks.find(({ block_id: id }) => id === 'approval-more')).toMatchObject({
      text: { text: 'One more approval is needed after yours.' },
    });
    expect(problemsOf(view)).toEqual([]);
  });

  it('asks for nothing that is not needed', () => {
    const view = approvalModal(formOf(planWith()), PLACE, 'rich');

    expect(view.blocks.filter(({ type }) => type === 'input')).toMatchObject([
      { block_id: 'approval-reason', optional: true },
    ]);
    expect(view.blocks.map(({ type }) => type)).not.toContain('alert');
  });

  it.each(['classic', 'plain'] as const)('warns in a section where the workspace refuses alerts: %s', (tier) => {
    const [first] = approvalModal(formOf(lockPlan()), PLACE, tier).blocks;

    expect(first).toMatchObject({ type: 'section', text: { text: expect.stringContaining(':warning: *If worker-3') } });
  });

  it('shows a long danger whole below its beginning', () => {
    const words = { ...lockPlan().words, danger: `${'Data is lost. '.repeat(30)}End` };

    const [alert, whole] = approvalModal(formOf(lockPlan({ words })), PLACE, 'rich').blocks;

    expect(alert).toMatchObject({ type: 'alert' });
    expect(whole).toMatchObject({ text: { text: expect.stringContaining('End.*') } });
  });

  it('says why there is nothing to approve, without a button to send', () => {
    const view = approvalNote('You may not approve this.', PLACE);

    expect(view.submit).toBeUndefined();
    expect(problemsOf(view)).toEqual([]);
    expect(JSON.stringify(view.blocks)).toContain('You may not approve this.');
  });

  it('is valid and mentions nobody whatever the plan says', () => {
    fc.assert(
      fc.property(fc.array(hostileText, { minLength: 14, maxLength: 14 }), fc.constantFrom(...TIERS), (texts, tier) => {
        const [title = '', touches = '', risk = '', undo = '', danger = '', cluster = '', confirm = ''] = texts;
        const words = { title, touches, risk, undo, danger, steps: texts, commands: texts.slice(7) };
        const form = formOf(lockPlan({ words, cluster }));

        expect(problemsOf(approvalModal({ ...form, confirm }, PLACE, tier))).toEqual([]);
        expect(problemsOf(approvalNote(title, PLACE))).toEqual([]);
        expect(problemsOf(denialModal(title, PLACE))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});

describe('the window for a denial', () => {
  it('says what is denied, and lets the reason be empty', () => {
    const view = denialModal('delete pod shop/web-0', PLACE);

    expect(JSON.stringify(view.blocks)).toContain('`delete pod shop/web-0`');
    expect(view.blocks[1]).toMatchObject({ type: 'input', block_id: 'denial-reason', optional: true });
  });
});
