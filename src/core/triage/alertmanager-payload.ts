import { quoted } from '../command/usage-error.ts';
import type { AlertsResult } from './alert.ts';
import { collectAlerts, envelopeSchema, type PayloadPlace, readPlainAlert } from './plain-alert.ts';

const VERSION = '4';

/**
 * Reads what Alertmanager's webhook sends, in the shapes of 0.15 to 0.34: fields that are not known are ignored, those
 * that came later may be absent. Refuses other versions and custom payloads.
 */
export function readAlertmanagerPayload(body: unknown, place: PayloadPlace): AlertsResult {
  const parsed = envelopeSchema.safeParse(body);
  if (!parsed.success) {
    return refused('it is not the webhook of Alertmanager: it has no list `alerts`; a custom payload needs a mapping');
  }
  const { version, alerts, status } = parsed.data;
  // Alertmanager writes its version behind the alerts, where it is the first to be cut off.
  if (String(version) !== VERSION && !(version === undefined && place.bodyCut)) {
    return refused(
      version === undefined
        ? 'it is not the webhook of Alertmanager: it has no `version`; a custom payload needs a mapping'
        : `it has version ${quoted(String(version))}, not "${VERSION}" of the webhook of Alertmanager`,
    );
  }
  return collectAlerts(alerts, (item, tally) => readPlainAlert(item, status, tally), parsed.data, {
    ...place,
    format: 'alertmanager',
  });
}

function refused(reason: string): AlertsResult {
  return { kind: 'refused', reason };
}
