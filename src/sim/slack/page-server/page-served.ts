import type { Drivers } from '../delivery/drivers.ts';
import type { SimState } from '../state.ts';

/** What the page works with. */
export interface PageServed {
  readonly state: SimState;
  readonly drivers: Drivers;
}
