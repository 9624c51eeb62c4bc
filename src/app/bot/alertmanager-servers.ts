import type { AlertmanagerServer } from '../../adapters/alertmanager/alertmanager-client.ts';
import type { AlertmanagerToken } from '../../config/service-config.ts';
import type { Settings } from '../../config/settings.ts';

/** The Alertmanagers of the settings, each with its token if there is one. */
export function alertmanagerServers(
  { alerts }: Pick<Settings, 'alerts'>,
  tokens: readonly AlertmanagerToken[],
): readonly AlertmanagerServer[] {
  return alerts.alertmanagers.map((server) => {
    const token = tokens.find(({ alertmanager }) => alertmanager === server.name)?.token.reveal();
    return { ...server, ...(token === undefined ? {} : { token }) };
  });
}
