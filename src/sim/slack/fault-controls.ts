import type { FaultRule } from './faults.ts';
import type { SocketHub } from './socket/socket-hub.ts';
import type { SimState } from './state.ts';

/** What a test can make go wrong. */
export class FaultControls {
  private readonly state: SimState;
  private readonly hub: SocketHub;

  constructor(state: SimState, hub: SocketHub) {
    this.state = state;
    this.hub = hub;
  }

  /** Arms a fault for calls of the app. */
  add(rule: FaultRule): void {
    this.state.faults.add(rule);
  }

  /** Forgets all faults that were armed. */
  clear(): void {
    this.state.faults.clear();
  }

  /** Lets all calls that hang go on. */
  release(): void {
    this.state.faults.release();
  }

  /** How many calls hang. */
  get hanging(): number {
    return this.state.faults.hangingCount;
  }

  /** From now on each envelope is delivered so often, unless a driver says otherwise. */
  repeatDeliveries(times: number): void {
    this.state.deliveryTimes = times;
  }

  /** Whether trigger ids count as expired, whatever their age. */
  expireTriggers(expired = true): void {
    this.state.triggers.setExpired(expired);
  }

  /** A trigger id that was made for another app. */
  foreignTrigger(user: string): string {
    return this.state.triggers.issue({ user }, 'A0OTHERAPP', this.state.clock());
  }

  /** `refresh_requested` on all Socket Mode connections. */
  refreshSockets(): void {
    this.hub.refresh();
  }

  /** The warning that comes before a refresh. */
  warnSockets(): void {
    this.hub.warn();
  }

  /** Cuts all Socket Mode connections. */
  dropSockets(): void {
    this.hub.drop();
  }

  /** Leaves all Socket Mode connections open but deaf and dumb. */
  freezeSockets(): void {
    this.hub.freeze();
  }
}
