import type { AlertsResult } from './alert.ts';
import { openAlertmanagerPayload } from './alertmanager-payload.ts';
import { closeCutJson } from './cut-json.ts';
import { isGrafanaPayload, openGrafanaPayload } from './grafana-payload.ts';
import { type AlertMapping, openMappedPayload } from './mapped-payload.ts';
import { collectAlerts, type Opening } from './plain-alert.ts';

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
  const steps = readAlertsInSteps(text, source);
  for (;;) {
    const step = steps.next();
    if (step.done === true) {
      return step.value;
    }
  }
}

/** The same in short steps, so that a process with other work can do it between two of them. */
export function* readAlertsInSteps(text: string, source: PayloadSource): Generator<undefined, AlertsResult> {
  const bodyCut = source.bodyCut ?? false;
  const whole = bodyCut ? closeCutJson(text) : text;
  yield;
  const body = parseJson(whole);
  if (body === undefined) {
    return { kind: 'refused', reason: bodyCut ? 'not one whole alert is among what was read of it' : 'it is not JSON' };
  }
  yield;
  const opening = openPayload(body, source, bodyCut);
  return opening.kind === 'refused' ? opening : yield* collectAlerts(opening, { sender: source.sender, bodyCut });
}

function openPayload(body: unknown, { format, mappings }: PayloadSource, bodyCut: boolean): Opening {
  switch (format) {
    case 'auto':
      return isGrafanaPayload(body) ? openGrafanaPayload(body) : openAlertmanagerPayload(body, bodyCut);
    case 'alertmanager':
      return openAlertmanagerPayload(body, bodyCut);
    case 'grafana':
      return openGrafanaPayload(body);
    default: {
      const mapping = mappings.find(({ name }) => name === format);
      return mapping === undefined
        ? { kind: 'refused', reason: `there is no mapping ${format} in the settings` }
        : openMappedPayload(body, mapping);
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
