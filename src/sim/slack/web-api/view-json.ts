import type { SimState } from '../state.ts';
import type { ViewRecord } from '../store/records.ts';
import { OTHER_TEAM } from '../world/default-world.ts';

/** A view as Slack writes it in answers and interactions; `values` is what the inputs hold. */
export function viewJson(state: SimState, record: ViewRecord, values: unknown = {}): Record<string, unknown> {
  const { app, team } = state.world;
  const { view } = record;
  return {
    id: record.id,
    team_id: teamOf(state, record),
    type: record.type,
    blocks: record.blocks,
    private_metadata: record.privateMetadata,
    callback_id: record.callbackId,
    external_id: record.externalId,
    state: { values },
    hash: record.hash,
    title: view['title'],
    submit: view['submit'] ?? null,
    close: view['close'] ?? null,
    clear_on_close: view['clear_on_close'] ?? false,
    notify_on_close: view['notify_on_close'] ?? false,
    root_view_id: record.rootId,
    previous_view_id: record.previousId ?? null,
    app_id: app.id,
    app_installed_team_id: team.id,
    bot_id: app.botId,
  };
}

function teamOf(state: SimState, record: ViewRecord): string {
  return state.world.user(record.user)?.kind === 'foreign' ? OTHER_TEAM.id : state.world.team.id;
}
