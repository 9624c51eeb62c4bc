import type { ThreadPlace } from '../../core/chat/content.ts';
import type { CardDelivery } from '../../core/chat/delivery.ts';
import type { TellContext } from './tell-context.ts';

/** A message as triage puts it: `key` names it for ever, `version` says how new it is. */
type Told = Pick<CardDelivery, 'key' | 'version' | 'content'>;

/** A message of its own in a channel; the settings say where it goes when the channel takes none. */
export function parentMessage(channel: string, told: Told, { workspace, deps }: TellContext): CardDelivery {
  const { fallbackChannel } = deps.settings();
  return {
    kind: 'card',
    team: workspace.team,
    channel,
    ...(fallbackChannel === undefined ? {} : { fallback: fallbackChannel }),
    priority: 'alert',
    ...told,
  };
}

/** A message in the thread of a posted one. */
export function threadReply({ channel, ts }: ThreadPlace, told: Told, { workspace }: TellContext): CardDelivery {
  return { kind: 'card', team: workspace.team, channel, thread: ts, priority: 'alert', ...told };
}
