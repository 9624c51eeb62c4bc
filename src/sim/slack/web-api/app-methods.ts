import type { SimState } from '../state.ts';
import type { Methods } from './method.ts';

/** `auth.test` and `apps.*`. `openTicket` returns the address of a new Socket Mode connection. */
export function appMethods(openTicket: () => string): Methods {
  return {
    'auth.test': { tier: 'special', scopes: [], handle: authTest },
    'apps.connections.open': { tier: 3, scopes: [], token: 'app', handle: () => ({ url: openTicket() }) },
  };
}

function authTest(state: SimState): Readonly<Record<string, unknown>> {
  const { app, team } = state.world;
  return {
    url: `https://${team.domain}.slack.com/`,
    team: team.name,
    user: state.world.user(app.botUserId)?.name,
    team_id: team.id,
    user_id: app.botUserId,
    bot_id: app.botId,
    is_enterprise_install: false,
  };
}
