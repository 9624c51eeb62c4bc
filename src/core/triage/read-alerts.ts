import type { AlertsResult } from './alert.ts';
import { readAlertmanagerPayload } from './alertmanager-payload.ts';
import { closeCutJson } from './cut-json.ts';
import { isGrafanaPayload, readGrafanaPayload } from './grafana-payload.ts';
import { type AlertMapping, readMappedPayload } from './mapped-payload.ts';
import type { PayloadPlace } from './plain-alert.ts';

/** Bytes of a payload that are read; a sender may send more, which is cut off. */
export const LONGEST_PAYLOAD = 8 * 1024 * 1024;

/** Who sent a payload, and how it is to be read. */
export interface PayloadSource {
  readonly sender: string;
  /** `auto`, `alertmanager`, `grafana` or the name of a mapping. */
  readonly format: string;
  readonly mappings: readonly AlertMapping[];
  /** The text is only the beginning of what was sent. */
  readonly bodyCut?: boolean;
}

/** Understands the text of a delivery. Never throws: what cannot be understood is refused with a reason for people. */
export function readAlerts(text: string, source: PayloadSource): AlertsResult {
  const bodyCut = source.bodyCut ?? false;
  const body = parseJson(bodyCut ? closeCutJson(text) : text);
  if (body === undefined) {
    return {
      kind: 'refused',
      reason: bodyCut ? 'not one whole alert is among its first 8 MiB' : 'it is not JSON',
    };
  }
  return readBody(body, source, { sender: source.sender, bodyCut });
}

function readBody(body: unknown, { format, mappings }: PayloadSource, place: PayloadPlace): AlertsResult {
  switch (format) {
    case 'auto':
      return isGrafanaPayload(body) ? readGrafanaPayload(body, place) : readAlertmanagerPayload(body, place);
    case 'alertmanager':
      return readAlertmanagerPayload(body, place);
    case 'grafana':
      return readGrafanaPayload(body, place);
    default: {
      const mapping = mappings.find(({ name }) => name === format);
      return mapping === undefined
        ? { kind: 'refused', reason: `there is no mapping ${format} in the settings` }
        : readMappedPayload(body, mapping, place);
    }
  }
}

/** Undefined when it is not JSON, which has no value of that name. */
function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
