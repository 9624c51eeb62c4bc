import { readFile } from 'node:fs/promises';
import { remediationWarnings } from '../../config/remediation-cross-checks.ts';
import type { ServiceConfig } from '../../config/service-config.ts';
import type { Settings, SettingsPath } from '../../config/settings.ts';
import { changeChecks } from '../../core/doctor/change-checks.ts';
import type { Check } from '../../core/doctor/check.ts';
import type { UserGroupFact } from '../../core/doctor/slack-facts.ts';

/** Examines what approved changes need apart from the clusters; a diagnoser has no part in them. */
export async function examineChanges(
  service: Pick<ServiceConfig, 'role' | 'signingKey' | 'stop'>,
  settings: Settings,
): Promise<readonly Check[]> {
  const { rules, stopFile } = settings.remediation;
  if (rules.length === 0 || service.role === 'diagnoser') {
    return [];
  }
  const executes = service.role !== 'gateway';
  return changeChecks({
    rules: rules.length,
    signingKey: service.signingKey !== undefined,
    warnings: remediationWarnings(settings).map(({ path, reason }) => `${pathText(path)}: ${reason}`),
    stop: executes ? service.stop : undefined,
    ...(executes && stopFile !== undefined ? { stopFile: { path: stopFile, text: await textOf(stopFile) } } : {}),
  });
}

/** The user groups that may do something to changes. */
export function changeGroups({ remediation }: Pick<Settings, 'remediation'>): readonly string[] {
  const { rules, operators } = remediation;
  const named = [...rules.flatMap(({ approvers, owners }) => [...approvers, ...owners]), ...operators];
  return [...new Set(named)].filter((id) => id.startsWith('S'));
}

/** People whom a user group lets approve, and of whom the settings do not say who they are to any cluster. */
export function unmappedPeople(
  { remediation }: Pick<Settings, 'remediation'>,
  groups: readonly UserGroupFact[],
): readonly string[] {
  const approving = new Set(remediation.rules.flatMap(({ approvers }) => approvers));
  const known = new Set(remediation.identities.map(({ slack }) => slack));
  const members = groups.flatMap((group) => (group.kind === 'group' && approving.has(group.id) ? group.members : []));
  return [...new Set(members)].filter((user) => !known.has(user)).toSorted();
}

function pathText(path: SettingsPath): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}${text === '' ? '' : '.'}${part}`),
    '',
  );
}

async function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}
