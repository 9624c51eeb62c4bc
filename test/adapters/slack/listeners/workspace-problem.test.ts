import { describe, expect, it } from 'vitest';
import { workspaceProblem } from '../../../../src/adapters/slack/listeners/workspace-problem.ts';

describe('workspaceProblem', () => {
  it.each([
    ['a command', { command: '/k8s', team_id: 'T1', is_enterprise_install: 'false' }, undefined],
    ['a command from elsewhere', { command: '/k8s', team_id: 'T2' }, 'other-workspace'],
    ['an event', { event: {}, team_id: 'T1' }, undefined],
    [
      'an event of another workspace in a shared channel of ours',
      { event: {}, team_id: 'T2', authorizations: [{ team_id: 'T1' }] },
      undefined,
    ],
    [
      'an event for another installation',
      { event: {}, team_id: 'T1', authorizations: [{ team_id: 'T2' }] },
      'other-workspace',
    ],
    ['a click', { type: 'block_actions', team: { id: 'T1' }, user: { team_id: 'T2' } }, undefined],
    ['a click from elsewhere', { type: 'block_actions', team: { id: 'T2' } }, 'other-workspace'],
    [
      'a modal that was opened through our installation',
      { type: 'view_submission', team: { id: 'T2' }, view: { app_installed_team_id: 'T1' } },
      undefined,
    ],
    ['a click without a team', { type: 'block_actions', team: null, user: { team_id: 'T1' } }, undefined],
    ['nothing', {}, 'other-workspace'],
    ['an enterprise command', { command: '/k8s', team_id: 'T1', is_enterprise_install: 'true' }, 'enterprise-install'],
    ['an enterprise click', { team: { id: 'T1' }, is_enterprise_install: true }, 'enterprise-install'],
    [
      'an enterprise event',
      { event: {}, team_id: 'T1', authorizations: [{ team_id: 'T1', is_enterprise_install: true }] },
      'enterprise-install',
    ],
  ])('judges %s', (_name, body, expected) => {
    expect(workspaceProblem(body, 'T1')).toBe(expected);
  });
});
