import { createContext } from 'react';
import type { PageInputValue, PageOption } from '../../page-api.ts';

/** What a person chose or typed in an element. */
export interface Choice {
  readonly value?: string;
  readonly selected_option?: PageOption;
  readonly selected_options?: readonly PageOption[];
}

/** What the surface (a message or a view) around an element does for it. */
export interface Surface {
  /** Delivers a click or choice; resolves when the app has taken it. */
  act(blockId: string, actionId: string, choice: Choice): Promise<void>;
  /** Remembers an input. */
  change(blockId: string, actionId: string, value: PageInputValue): void;
  /** What is typed or chosen so far. */
  valueOf(blockId: string, actionId: string): PageInputValue | undefined;
  /** Why an input was refused, by block id. */
  readonly errors: Readonly<Record<string, string>>;
  /** People and channels for the menus that offer them. */
  readonly users: readonly { readonly id: string; readonly label: string }[];
  readonly channels: readonly { readonly id: string; readonly label: string }[];
}

/** The surface of the elements below. */
export const SurfaceContext = createContext<Surface | undefined>(undefined);
