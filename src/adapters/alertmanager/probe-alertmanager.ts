import type { AlertmanagerFact } from '../../core/doctor/alert-facts.ts';
import { oneLine, shorten } from '../../core/facts/text.ts';
import { type AlertmanagerServer, callAlertmanager } from './alertmanager-client.ts';

/** Asks an Alertmanager for its status; changes nothing and never throws. */
export async function probeAlertmanager(server: AlertmanagerServer, timeoutMs?: number): Promise<AlertmanagerFact> {
  const { name } = server;
  const answer = await callAlertmanager(server, { method: 'GET', path: '/status' }, timeoutMs);
  if (answer.kind !== 'ok') {
    const unreachable = answer.kind !== 'refused';
    return unreachable
      ? { kind: 'unreachable', name, reason: answer.reason }
      : { kind: 'refused', name, status: answer.status, reason: answer.reason };
  }
  const version = versionIn(answer.body);
  return version === undefined
    ? { kind: 'refused', name, status: 200, reason: 'what answers there is no Alertmanager' }
    : { kind: 'answered', name, version };
}

function versionIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('versionInfo' in body)) {
    return undefined;
  }
  const { versionInfo } = body;
  const known = typeof versionInfo === 'object' && versionInfo !== null && 'version' in versionInfo;
  return known && typeof versionInfo.version === 'string' ? shorten(oneLine(versionInfo.version), 50) : undefined;
}
