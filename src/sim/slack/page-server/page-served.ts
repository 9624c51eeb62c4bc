import type { Drivers } from '../delivery/drivers.ts';
import type { SimState } from '../state.ts';
import type { SlackUser } from '../world/world-types.ts';

/** What every window of the page works with. */
export interface PageParts {
  readonly state: SimState;
  readonly drivers: Drivers;
}

/** What one window works with. */
export interface PageServed extends PageParts {
  /** Who sits at this window. */
  readonly viewer: SlackUser;
}
