import { quoted } from '../command/usage-error.ts';
import { envelopeSchema, type Opening, readPlainAlert } from './plain-alert.ts';

const VERSION = '4';

/**
 * Reads what Alertmanager's webhook sends, in the shapes of 0.15 to 0.34: fields that are not known are ignored, those
 * that came later may be absent. Refuses other versions and custom payloads; of a payload whose end is missing the version
 * may be missing.
 */
export function openAlertmanagerPayload(body: unknown, bodyCut: boolean): Opening {
  const parsed = envelopeSchema.safeParse(body);
  if (!parsed.success) {
    return refused('it is not the webhook of Alertmanager: it has no list `alerts`; a custom payload needs a mapping');
  }
  const { version, alerts, status } = parsed.data;
  // Alertmanager writes its version behind the alerts, where it is the first to be cut off.
  if (String(version) !== VERSION && !(version === undefined && bodyCut)) {
    return refused(
      version === undefined
        ? 'it is not the webhook of Alertmanager: it has no `version`; a custom payload needs a mapping'
        : `it has version ${quoted(String(version))}, not "${VERSION}" of the webhook of Alertmanager`,
    );
  }
  return {
    kind: 'opened',
    format: 'alertmanager',
    items: alerts,
    readItem: (item, tally) => readPlainAlert(item, status, tally),
    envelope: parsed.data,
  };
}

function refused(reason: string): Opening {
  return { kind: 'refused', reason };
}
