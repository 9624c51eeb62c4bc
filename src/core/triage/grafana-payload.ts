import { envelopeSchema, type Opening, readPlainAlert } from './plain-alert.ts';

/** Whether a payload looks like the webhook of Grafana's unified alerting. */
export function isGrafanaPayload(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'orgId' in body && 'alerts' in body;
}

/** Reads what a webhook contact point of Grafana (unified alerting, 8 and later) sends. Refuses the older shape. */
export function openGrafanaPayload(body: unknown): Opening {
  const parsed = envelopeSchema.safeParse(body);
  if (!parsed.success) {
    const legacy = typeof body === 'object' && body !== null && 'ruleName' in body;
    return {
      kind: 'refused',
      reason: legacy
        ? 'it is a notification of the legacy alerting of Grafana, which names no labels; a mapping can read it'
        : 'it is not the webhook of Grafana: it has no list `alerts`',
    };
  }
  const { alerts, status } = parsed.data;
  return {
    kind: 'opened',
    format: 'grafana',
    items: alerts,
    readItem: (item, tally) => readPlainAlert(item, status, tally),
    envelope: parsed.data,
  };
}
