import { probeAlertmanager } from '../../adapters/alertmanager/probe-alertmanager.ts';
import type { ServiceConfig } from '../../config/service-config.ts';
import type { Settings } from '../../config/settings.ts';
import { alertChecks } from '../../core/doctor/alert-checks.ts';
import type { Check } from '../../core/doctor/check.ts';
import { alertmanagerServers } from '../bot/alertmanager-servers.ts';
import { changeGroups } from './examine-changes.ts';

/** Examines what alerts need besides Slack; what a diagnoser or an executor does not use is left out. */
export async function examineAlerts(service: ServiceConfig, settings: Settings): Promise<readonly Check[]> {
  if (service.role === 'diagnoser' || service.role === 'executor') {
    const says = `${service.role === 'diagnoser' ? 'A diagnoser' : 'An executor'} is told of no alerts.`;
    return [{ area: 'alerts', id: 'alerts.taken', status: 'skipped', says }];
  }
  const { alerts, reading } = settings;
  const servers = alertmanagerServers(settings, service.alertmanagerTokens);
  const names = new Set(servers.map(({ name }) => name));
  return alertChecks({
    senders: alerts.senders.map(({ name }) => name),
    limited: alerts.senders.some(({ namespaces }) => !namespaces.includes('*')),
    tokensOf: service.alertTokens.map(({ sender }) => sender),
    watches: alerts.watch.length > 0,
    channelForAll: alerts.channel !== undefined,
    channels: incidentChannels(settings),
    askedIn: reading.flatMap(({ channels }) => channels),
    ...alerts.people,
    alertmanagers: await Promise.all(servers.map((server) => probeAlertmanager(server))),
    strayTokens: service.alertmanagerTokens.map(({ alertmanager }) => alertmanager).filter((name) => !names.has(name)),
  });
}

/** The channels in which incidents are shown. */
export function incidentChannels({ alerts }: Pick<Settings, 'alerts'>): readonly string[] {
  const { channel, fallbackChannel, routes } = alerts;
  const named = [channel, fallbackChannel, ...routes.map((route) => route.channel)];
  return [...new Set(named.filter((id) => id !== undefined))];
}

/** The user groups that may do something to incidents or changes. */
export function permittedGroups(settings: Pick<Settings, 'alerts' | 'remediation'>): readonly string[] {
  const { acknowledge, silence } = settings.alerts.people;
  return [...new Set([...acknowledge, ...silence, ...changeGroups(settings)])].filter((id) => id.startsWith('S'));
}
