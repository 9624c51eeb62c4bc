import type { Changes } from './changes.ts';
import type { Ids } from './ids.ts';
import type { SlackObject, ViewRecord } from './records.ts';

/** A modal or Home tab that is about to be shown. */
export interface NewView {
  readonly user: string;
  readonly view: SlackObject;
  readonly blocks: readonly SlackObject[];
}

/** Keeps every modal and Home tab. */
export class ViewStore {
  private readonly views = new Map<string, ViewRecord>();
  private readonly homes = new Map<string, string>();
  private readonly ids: Ids;
  private readonly changes: Changes;

  constructor(ids: Ids, changes: Changes) {
    this.ids = ids;
    this.changes = changes;
  }

  /** Modals, oldest first, closed ones included. */
  modals(): readonly ViewRecord[] {
    return [...this.views.values()].filter(({ type }) => type === 'modal');
  }

  homeViews(): readonly ViewRecord[] {
    return [...this.views.values()].filter(({ type }) => type === 'home');
  }

  find(id: string): ViewRecord | undefined {
    return this.views.get(id);
  }

  findExternal(externalId: string): ViewRecord | undefined {
    return [...this.views.values()].find((view) => view.open && view.externalId === externalId);
  }

  home(user: string): ViewRecord | undefined {
    const id = this.homes.get(user);
    return id === undefined ? undefined : this.views.get(id);
  }

  /** The modals of a user from the lowest to the one on top. */
  stack(user: string): readonly ViewRecord[] {
    return this.modals().filter((view) => view.open && view.user === user);
  }

  /** Opens a modal; with `below` it is pushed on that one, else it takes the place of what was open. */
  open(next: NewView, below?: ViewRecord): ViewRecord {
    if (below === undefined) {
      this.closeAll(next.user);
    }
    const id = this.ids.next('V');
    const previous = below === undefined ? {} : { previousId: below.id };
    const record = this.record(next, { id, type: 'modal', rootId: below?.rootId ?? id, ...previous });
    this.changes.emit({ kind: 'view_opened', view: record });
    return record;
  }

  update(current: ViewRecord, next: NewView): ViewRecord {
    const record = this.record(next, { ...current, versions: [...current.versions, next.view] });
    this.changes.emit({ kind: current.type === 'home' ? 'home' : 'view_updated', view: record });
    return record;
  }

  publishHome(next: NewView): ViewRecord {
    const current = this.home(next.user);
    if (current !== undefined) {
      return this.update(current, next);
    }
    const id = this.ids.next('V');
    this.homes.set(next.user, id);
    const record = this.record(next, { id, type: 'home', rootId: id });
    this.changes.emit({ kind: 'home', view: record });
    return record;
  }

  close(view: ViewRecord): void {
    const closed = { ...view, open: false };
    this.views.set(view.id, closed);
    const below = this.stack(view.user).at(-1);
    this.changes.emit({ kind: 'view_closed', view: closed, ...(below === undefined ? {} : { below }) });
  }

  closeAll(user: string): void {
    for (const view of this.stack(user).toReversed()) {
      this.close(view);
    }
  }

  private record(
    { user, view, blocks }: NewView,
    fixed: Pick<ViewRecord, 'id' | 'type' | 'rootId'> & Partial<Pick<ViewRecord, 'versions' | 'previousId'>>,
  ): ViewRecord {
    const record: ViewRecord = {
      id: fixed.id,
      type: fixed.type,
      rootId: fixed.rootId,
      ...(fixed.previousId === undefined ? {} : { previousId: fixed.previousId }),
      user,
      view,
      blocks,
      callbackId: text(view['callback_id']),
      externalId: text(view['external_id']),
      privateMetadata: text(view['private_metadata']),
      hash: this.ids.next('h').toLowerCase(),
      open: true,
      versions: fixed.versions ?? [view],
    };
    this.views.set(record.id, record);
    return record;
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
