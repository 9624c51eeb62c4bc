import { textAt, trueAt, valueAt } from '../fields.ts';

/** Why a delivery does not belong to the bot's own workspace. */
export type WorkspaceProblem = 'other-workspace' | 'enterprise-install';

/** The reason to refuse a delivery, or undefined when it belongs to the workspace that the bot was installed in. */
export function workspaceProblem(body: unknown, team: string): WorkspaceProblem | undefined {
  if (isEnterpriseInstall(body)) {
    return 'enterprise-install';
  }
  return installedTeam(body) === team ? undefined : 'other-workspace';
}

function isEnterpriseInstall(body: unknown): boolean {
  return (
    trueAt(body, 'is_enterprise_install') ||
    textAt(body, 'is_enterprise_install') === 'true' ||
    trueAt(body, 'authorizations', '0', 'is_enterprise_install')
  );
}

/** The workspace through which a delivery came; people of others may act in it by way of a shared channel. */
function installedTeam(body: unknown): string | undefined {
  if (valueAt(body, 'event') !== undefined) {
    return textAt(body, 'authorizations', '0', 'team_id') ?? textAt(body, 'team_id');
  }
  return (
    textAt(body, 'team_id') ??
    textAt(body, 'view', 'app_installed_team_id') ??
    textAt(body, 'team', 'id') ??
    textAt(body, 'user', 'team_id')
  );
}
