import { textAt, valueAt } from '../fields.ts';

/** What Slack delivered. */
export type DeliveryKind = 'event' | 'command' | 'action' | 'shortcut' | 'view' | 'other';

/** Tells the kind of a delivery from its body, in the order in which Bolt does. */
export function deliveryKind(body: unknown): DeliveryKind {
  if (valueAt(body, 'event') !== undefined) {
    return 'event';
  }
  if (valueAt(body, 'command') !== undefined) {
    return 'command';
  }
  switch (textAt(body, 'type')) {
    case 'block_actions':
      return 'action';
    case 'shortcut':
    case 'message_action':
      return 'shortcut';
    case 'view_submission':
    case 'view_closed':
      return 'view';
    default:
      return 'other';
  }
}
