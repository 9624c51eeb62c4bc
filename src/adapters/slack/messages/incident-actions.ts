/**
 * The names of the buttons of an incident, which the listeners know. The value of each is the id of the incident; that of
 * `unsilence` is `unsilenceValue`.
 */
export const INCIDENT_ACTIONS = {
  ack: 'incident.ack',
  snooze: 'incident.snooze',
  unsnooze: 'incident.unsnooze',
  silence: 'incident.silence',
  /** Followed by `:` and a number, because Slack wants different ones in one message. */
  unsilence: 'incident.unsilence',
} as const;

/** The value of the button that ends a silence: `<incident id>:<silence id>`. */
export function unsilenceValue(incident: string, silence: string): string {
  return `${incident}:${silence}`;
}
